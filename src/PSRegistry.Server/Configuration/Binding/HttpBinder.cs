namespace PSRegistry.Server.Configuration;

/// <summary>Binds <c>http</c>.</summary>
internal static class HttpBinder
{
    public static HttpConfiguration Bind(ValueReader values)
    {
        var defaults = new HttpConfiguration();
        return new()
        {
            Addr = Addr(values) ?? defaults.Addr,
            Prefix = Prefix(values) ?? defaults.Prefix,
            Host = Host(values),
            Secret = values.Text("http.secret") is { Length: > 0 } secret ? secret : null,
            RelativeUrls = values.Boolean("http.relativeurls"),
            DrainTimeout = values.Duration("http.draintimeout", least: TimeSpan.Zero) ?? defaults.DrainTimeout,
            Headers = HeaderBinder.Bind(values),
            Http2Disabled = values.Boolean("http.http2.disabled") ?? defaults.Http2Disabled,
        };
    }

    private static ListenAddress? Addr(ValueReader values)
    {
        if (values.Text("http.net") is { } net and not ("" or "tcp"))
        {
            // Listening elsewhere than the file says could show the registry to the whole network.
            values.Refuse("http.net", $"listening on \"{net}\" is not supported yet", "Write tcp, and a host and port in http.addr");
            return null;
        }
        if (values.Text("http.addr") is not { Length: > 0 } text) return null;
        if (ListenAddress.TryParse(text, out var address)) return address;
        values.Refuse("http.addr", $"\"{text}\" is not an address to listen on", "Write host:port, :port or [ipv6]:port");
        return null;
    }

    private static string? Prefix(ValueReader values)
    {
        if (values.Text("http.prefix") is not { Length: > 0 } text) return null;
        var segments = text.Trim('/').Split('/');
        if (segments is [""]) return "/";
        if (segments.All(segment => segment.Length > 0 && segment is not ("." or "..") && segment.All(IsPlainInPath)))
            return $"/{string.Join('/', segments)}/";
        values.Refuse("http.prefix", $"\"{text}\" is not a path", "Write a path of letters, digits and .-_~ such as /registry/");
        return null;
    }

    private static bool IsPlainInPath(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' or '~';

    private static Uri? Host(ValueReader values)
    {
        if (values.Text("http.host") is not { Length: > 0 } text) return null;
        if (Uri.TryCreate(text, UriKind.Absolute, out var host)
            && host.Scheme is "http" or "https"
            && host is { UserInfo: "", Query: "", Fragment: "" })
            return host;

        // The text itself stays out of the message: it may hold a password before an @.
        values.Refuse("http.host", "this is not the address of a registry",
            "Write it as https://registry.example.com, without user or query");
        return null;
    }
}
