using System.Collections.ObjectModel;
using System.Text;

namespace PSRegistry.Server.Configuration;

/// <summary>The <c>http</c> section.</summary>
public sealed record HttpConfiguration
{
    /// <summary>The address listened on. Key <c>http.addr</c>. Default: port 5000 on every interface.</summary>
    public ListenAddress Addr { get; init; } = new("", 5000);

    /// <summary>
    /// The Unix socket listened on instead: <c>http.addr</c> where <c>http.net</c> says <c>unix</c>. Default: null.
    /// </summary>
    public string? SocketPath { get; init; }

    /// <summary>The path before <c>v2/</c>, beginning and ending with a slash. Key <c>http.prefix</c>. Default: <c>/</c>.</summary>
    public string Prefix { get; init; } = "/";

    /// <summary>
    /// The http or https address that clients see, for absolute Locations. Key <c>http.host</c>. Default: null, taken from each request.
    /// </summary>
    public Uri? Host { get; init; }

    /// <summary>
    /// The key that signs the state of uploads; replicas share it. Key <c>http.secret</c>. Default: null, one is generated and kept.
    /// Never printed.
    /// </summary>
    public string? Secret { get; init; }

    /// <summary>
    /// Whether Locations are relative. Key <c>http.relativeurls</c>. Default: null, not said: relative unless <see cref="Host"/> is set.
    /// </summary>
    public bool? RelativeUrls { get; init; }

    /// <summary>
    /// How long running requests may finish on a stop. Key <c>http.draintimeout</c>. Default: zero, no waiting. A client that stopped in the
    /// middle of a request's head counts as one.
    /// </summary>
    public TimeSpan DrainTimeout { get; init; }

    /// <summary>
    /// How long the registry goes on answering after it was told to stop, while it says that it is not ready and asks clients to connect
    /// elsewhere. Key <c>http.draindelay</c>. Default: zero.
    /// </summary>
    public TimeSpan DrainDelay { get; init; }

    /// <summary>Headers added to every response; names compare without case. Key <c>http.headers</c>. Default: none.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Headers { get; init; } =
        ReadOnlyDictionary<string, IReadOnlyList<string>>.Empty;

    /// <summary>Whether HTTP/2 is refused. Key <c>http.http2.disabled</c>. Default: false.</summary>
    public bool Http2Disabled { get; init; }

    /// <summary>Whether HTTP/2 is spoken without TLS too. Key <c>http.h2c.enabled</c>. Default: false.</summary>
    public bool H2cEnabled { get; init; }

    /// <summary>
    /// The proxies that are believed when they tell who asks, and under which address. Key <c>http.trustedproxies</c>. Default: null, not said:
    /// everybody is believed about scheme and host, as by the original, and nobody about who asks.
    /// </summary>
    public TrustedProxies? TrustedProxies { get; init; }

    /// <summary>How connections are encrypted. Key <c>http.tls</c>. Default: null, they are not.</summary>
    public TlsConfiguration? Tls { get; init; }

    /// <summary>
    /// The address at which <c>/debug/health</c>, <c>/livez</c> and <c>/readyz</c> answer, and the metrics. Key <c>http.debug.addr</c>. Default: null, nowhere.
    /// </summary>
    public ListenAddress? DebugAddr { get; init; }

    /// <summary>
    /// The path of the metrics there, for Prometheus. Key <c>http.debug.prometheus.path</c>. Default: null, there are none; <c>/metrics</c> where
    /// <c>http.debug.prometheus.enabled</c> says so.
    /// </summary>
    public string? MetricsPath { get; init; }

    // The compiler's version would print the secret into the first log line or error that holds a configuration.
    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append("Addr = ").Append(SocketPath ?? Addr.ToString())
            .Append(", Prefix = ").Append(Prefix)
            .Append(", Host = ").Append(Host)
            .Append(", Secret = ").Append(Secret is null ? "(none)" : "(set)")
            .Append(", RelativeUrls = ").Append(RelativeUrls)
            .Append(", DrainTimeout = ").Append(DrainTimeout)
            .Append(", DrainDelay = ").Append(DrainDelay)
            .Append(", Headers = ").AppendJoin(' ', Headers.Keys)
            .Append(", Http2Disabled = ").Append(Http2Disabled)
            .Append(", H2cEnabled = ").Append(H2cEnabled)
            .Append(", TrustedProxies = ").Append(TrustedProxies)
            .Append(", Tls = ").Append(Tls)
            .Append(", DebugAddr = ").Append(DebugAddr)
            .Append(", MetricsPath = ").Append(MetricsPath);
        return true;
    }
}
