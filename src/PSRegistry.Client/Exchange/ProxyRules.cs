using System.Net;

namespace PSRegistry.Client;

/// <summary>
/// Which proxy a request takes: the one given, else the machine's; none for the machine itself, which no proxy could reach, and for what
/// is excepted.
/// </summary>
internal sealed class ProxyRules(IWebProxy proxy, IReadOnlyList<string> exceptions) : IWebProxy
{
    public ICredentials? Credentials
    {
        get => proxy.Credentials;
        set => proxy.Credentials = value;
    }

    public static ProxyRules Of(RegistryClientOptions options) => new(
        options.Proxy is { } given ? new WebProxy(WithoutLogin(given)) { Credentials = LoginOf(given) } : HttpClient.DefaultProxy, options.NoProxy);

    public Uri? GetProxy(Uri destination) => IsExcepted(destination) ? null : proxy.GetProxy(destination);

    public bool IsBypassed(Uri host) => IsExcepted(host) || proxy.IsBypassed(host);

    private bool IsExcepted(Uri uri) => RegistryAddress.IsThisMachine(uri) || exceptions.Any(exception => Matches(exception.Trim(), uri));

    /// <summary>As NO_PROXY is written: a name with all below it, an address, a network, each with a port if need be, or * for all.</summary>
    private static bool Matches(string exception, Uri uri)
    {
        if (exception == "*")
            return true;
        if (IPNetwork.TryParse(exception, out var network))
            return IPAddress.TryParse(uri.IdnHost, out var member) && network.Contains(member);
        if (IPAddress.TryParse(exception.Trim('[', ']'), out var address))
            return IPAddress.TryParse(uri.IdnHost, out var host) && host.Equals(address);
        var colon = exception.LastIndexOf(':');
        if (colon >= 0 && int.TryParse(exception.AsSpan(colon + 1), out var port))
            return port == uri.Port && Matches(exception[..colon], uri);
        var name = exception.TrimStart('*').TrimStart('.');
        return name.Length > 0 && (uri.IdnHost.Equals(name, StringComparison.OrdinalIgnoreCase)
            || uri.IdnHost.EndsWith("." + name, StringComparison.OrdinalIgnoreCase));
    }

    private static Uri WithoutLogin(Uri uri) => uri.UserInfo.Length == 0 ? uri : new UriBuilder(uri) { UserName = "", Password = "" }.Uri;

    private static NetworkCredential? LoginOf(Uri uri)
    {
        if (uri.UserInfo.Length == 0)
            return null;
        var parts = uri.UserInfo.Split(':', 2);
        return new NetworkCredential(Uri.UnescapeDataString(parts[0]), parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : "");
    }
}
