namespace PSRegistry.Client;

/// <summary>Whether clients can follow a Location that a registry gave out, and if not, what the proxy did not tell it.</summary>
/// <param name="Fault">What is wrong with it; null when it can be followed.</param>
/// <param name="Remedy">What to change.</param>
/// <param name="Uri">Where it should have led.</param>
internal sealed record LocationVerdict(string? Fault, string? Remedy, Uri Uri)
{
    private const string OrRelative = " Or have the registry give out relative ones: http.relativeurls: true.";

    public static LocationVerdict Of(Uri registry, Uri asked, string location)
    {
        var meant = Meant(registry, location);
        if (!Uri.TryCreate(asked, location, out var led) || !Faults.IsHttp(led))
            return new("is no URL", "Have the proxy pass the header Location on as it is. nginx: proxy_redirect off;", meant);
        var shown = ServerText.Clean(led.GetLeftPart(UriPartial.Authority), 200);
        if (led.Scheme != registry.Scheme)
            return new($"begins with {shown}, where clients use {registry.Scheme}", "Have the proxy tell the scheme. nginx: proxy_set_header X-Forwarded-Proto $scheme;" + OrRelative, meant);
        if (!led.IdnHost.Equals(registry.IdnHost, StringComparison.OrdinalIgnoreCase))
            return new($"leads to {shown}, where clients use {registry.Authority}", "Have the proxy tell the host. nginx: proxy_set_header Host $http_host;" + OrRelative, meant);
        if (led.Port != registry.Port)
            return new($"leads to {shown}: the port is not {registry.Port}", "Have the proxy tell host and port. nginx: proxy_set_header Host $http_host; ($host leaves the port out)" + OrRelative, meant);
        if (!led.AbsolutePath.StartsWith(registry.AbsolutePath + "v2/", StringComparison.Ordinal))
            return new($"leads to {ServerText.Clean(led.AbsolutePath, 60)}, which is not below {registry.AbsolutePath}v2/", "Have proxy and registry use the same path: pass it on unchanged, and set http.prefix to it.", meant);
        return new(null, null, led);
    }

    /// <summary>The same place at the address that the registry was asked at.</summary>
    private static Uri Meant(Uri registry, string location)
    {
        var api = location.IndexOf("/v2/", StringComparison.Ordinal);
        return api >= 0 && Uri.TryCreate(registry, registry.AbsolutePath + location[(api + 1)..], out var meant) ? meant : registry;
    }
}
