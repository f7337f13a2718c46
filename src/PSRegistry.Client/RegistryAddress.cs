using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace PSRegistry.Client;

/// <summary>
/// Where a registry is: <c>host</c>, <c>host:port</c> or an http(s) URL, with a path where a proxy serves it under one. Without a scheme it
/// is plain http for this machine (localhost, 127.0.0.0/8, [::1]) and https for all others.
/// </summary>
public sealed record RegistryAddress
{
    /// <summary>The name that Docker Hub goes by, and the host that serves it.</summary>
    private const string DockerHub = "docker.io", DockerHubServer = "registry-1.docker.io";

    private const string Expected = "expected a host, host:port, or a URL such as https://registry.example/";

    private static readonly SearchValues<char> NeverInHost = SearchValues.Create("/\\@?#% \t");

    private RegistryAddress(Uri baseUri, string authority)
    {
        BaseUri = baseUri;
        Authority = authority;
        IsLoopback = IsThisMachine(baseUri);
    }

    /// <summary>The URL under which <c>v2/</c> lies; ends with a slash.</summary>
    public Uri BaseUri { get; }

    /// <summary>The registry as image references begin with it: <c>localhost:5000</c>, <c>ghcr.io</c>, <c>[::1]:5000</c>.</summary>
    public string Authority { get; }

    /// <summary>Whether it is spoken to without TLS.</summary>
    public bool IsPlainHttp => BaseUri.Scheme == Uri.UriSchemeHttp;

    /// <summary>Whether it is on this machine, by its name.</summary>
    public bool IsLoopback { get; }

    /// <summary>Parses an address; on failure <paramref name="fault"/> is a sentence that quotes it and says what is wrong.</summary>
    public static bool TryParse(
        string? text, [NotNullWhen(true)] out RegistryAddress? address, [NotNullWhen(false)] out string? fault)
    {
        text = text?.Trim() ?? "";
        Uri? uri = null;
        fault = text.Length == 0 ? $"The address of the registry is empty: {Expected}."
            : (text.Contains("://", StringComparison.Ordinal) ? WrongUrl(text, out uri) : WrongHost(text, out uri)) is { } wrong
                ? $"'{WithoutSecrets(text)}' is no address of a registry: {wrong}."
                : null;
        address = fault is null ? FromChecked(uri!) : null;
        return fault is null;
    }

    /// <summary>The address of a registry at a URL.</summary>
    /// <exception cref="ArgumentException">The URL is not absolute http(s), or carries user info, a query or a fragment.</exception>
    public static RegistryAddress FromUri(Uri uri)
    {
        ArgumentNullException.ThrowIfNull(uri);
        return uri.IsAbsoluteUri && TryParse(uri.AbsoluteUri, out var address, out _)
            ? address
            : throw new ArgumentException($"No address of a registry: {Expected}.", nameof(uri));
    }

    /// <summary><see cref="Authority"/>.</summary>
    public override string ToString() => Authority;

    /// <summary>Whether a URL names this machine.</summary>
    internal static bool IsThisMachine(Uri uri) => uri.HostNameType is UriHostNameType.IPv4 or UriHostNameType.IPv6
        ? IPAddress.IsLoopback(IPAddress.Parse(uri.IdnHost))
        : uri.IdnHost.Equals("localhost", StringComparison.OrdinalIgnoreCase);

    /// <summary>A slip may hold a password before the @ or a key behind the question mark.</summary>
    private static string WithoutSecrets(string text) =>
        ServerText.Clean((text.LastIndexOf('@') is var at and >= 0 ? "…" + text[at..] : text).Split('?', '#')[0]);

    private static string? WrongHost(string text, out Uri? uri)
    {
        uri = null;
        text = text.EndsWith('/') ? text[..^1] : text;
        if (text.AsSpan().ContainsAny(NeverInHost))
            return Expected;
        if (!Uri.TryCreate("https://" + text, UriKind.Absolute, out var secure) || secure.Port <= 0)
            return Expected;
        // "5000" and "10.1" are IPv4 addresses to a URL parser; to a user they are slips.
        if (secure.HostNameType == UriHostNameType.IPv4 && !text.StartsWith(secure.Host, StringComparison.Ordinal))
            return $"an IPv4 address has four numbers ({Expected})";
        // Parsed anew, since the default port differs.
        uri = IsThisMachine(secure) ? new Uri("http://" + text) : secure;
        return null;
    }

    private static string? WrongUrl(string text, out Uri? uri)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out uri) || uri.Host.Length == 0 || uri.Port <= 0)
            return Expected;
        if (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps)
            return $"its scheme is neither http nor https ({Expected})";
        if (uri.UserInfo.Length > 0)
            return "a login does not belong into the address";
        return uri.Query.Length > 0 || uri.Fragment.Length > 0 ? "it has a query or a fragment" : null;
    }

    private static RegistryAddress FromChecked(Uri uri)
    {
        var host = uri.HostNameType == UriHostNameType.IPv6 ? uri.Host : uri.IdnHost;
        var isWholeHost = uri is { IsDefaultPort: true, AbsolutePath: "/" or "/v2/" or "/v2" } && uri.Scheme == Uri.UriSchemeHttps;
        if (isWholeHost && host is DockerHub or "index." + DockerHub)
            return new RegistryAddress(new Uri($"https://{DockerHubServer}/"), DockerHub);
        var authority = uri.IsDefaultPort ? host : FormattableString.Invariant($"{host}:{uri.Port}");
        var path = uri.AbsolutePath.TrimEnd('/');
        if (path.EndsWith("/v2", StringComparison.Ordinal))
            path = path[..^"/v2".Length].TrimEnd('/');
        return new RegistryAddress(new Uri($"{uri.Scheme}://{authority}{path}/"), authority);
    }
}
