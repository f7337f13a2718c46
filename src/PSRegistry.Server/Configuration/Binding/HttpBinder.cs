namespace PSRegistry.Server.Configuration;

/// <summary>Binds <c>http</c>.</summary>
internal static class HttpBinder
{
    public static HttpConfiguration Bind(ValueReader values)
    {
        var defaults = new HttpConfiguration();
        return new()
        {
            Addr = (IsUnix(values) ? null : Addr(values, "http.addr")) ?? defaults.Addr,
            SocketPath = SocketPath(values),
            Prefix = Prefix(values) ?? defaults.Prefix,
            Host = Host(values),
            Secret = values.Text("http.secret") is { Length: > 0 } secret ? secret : null,
            RelativeUrls = values.Boolean("http.relativeurls"),
            DrainTimeout = values.Duration("http.draintimeout", least: TimeSpan.Zero) ?? defaults.DrainTimeout,
            DrainDelay = values.Duration("http.draindelay", least: TimeSpan.Zero) ?? defaults.DrainDelay,
            Headers = HeaderBinder.Bind(values, "http.headers"),
            Http2Disabled = values.Boolean("http.http2.disabled") ?? defaults.Http2Disabled,
            H2cEnabled = values.Boolean("http.h2c.enabled") ?? defaults.H2cEnabled,
            TrustedProxies = ProxyBinder.Bind(values),
            Tls = TlsBinder.Bind(values),
            DebugAddr = Addr(values, "http.debug.addr"),
            MetricsPath = MetricsBinder.Bind(values),
        };
    }

    private static bool IsUnix(ValueReader values) => values.Text("http.net") is "unix";

    private static string? SocketPath(ValueReader values)
    {
        // Listening elsewhere than the file says could show the registry to the whole network.
        if (values.Text("http.net") is { } net and not ("" or "tcp" or "unix"))
            values.Refuse("http.net", $"\"{net}\" is nothing that can be listened on", "Write tcp, with host:port in http.addr, or unix, with a path in it");
        if (!IsUnix(values)) return null;
        if (values.Text("http.addr") is { Length: > 0 } path && Path.GetFileName(path).Length > 0) return path;
        values.Refuse("http.net", "a Unix socket needs its path in http.addr", "Write http.addr: /run/registry.sock");
        return null;
    }

    private static ListenAddress? Addr(ValueReader values, string path)
    {
        if (values.Text(path) is not { Length: > 0 } text) return null;
        if (ListenAddress.TryParse(text, out var address)) return address;
        values.Refuse(path, $"\"{text}\" is not an address to listen on", "Write host:port, :port or [ipv6]:port");
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
