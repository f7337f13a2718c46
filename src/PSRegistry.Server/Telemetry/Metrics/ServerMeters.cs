using System.Diagnostics.Metrics;

namespace PSRegistry.Server.Telemetry;

/// <summary>
/// The meters of one server. Several servers may run in a process: each has meters of its own, under the same names and with a scope that
/// tells them apart. An instrument that nobody listens to costs a look at a field.
/// </summary>
internal sealed class ServerMeters : IDisposable
{
    public const string Server = "PSRegistry.Server";
    public const string Storage = "PSRegistry.Storage";

    /// <summary>Every meter of ours, also those of parts that bring their own.</summary>
    public const string All = "PSRegistry.*";

    private readonly TrafficCounter _traffic;
    private readonly string _version = typeof(ServerMeters).Assembly.GetName().Version!.ToString(3);
    private readonly Meter _server;
    private readonly Meter _storage;

    public ServerMeters(TrafficCounter traffic)
    {
        _traffic = traffic;
        _server = new Meter(new MeterOptions(Server) { Version = _version, Scope = Scope });
        _storage = new Meter(new MeterOptions(Storage) { Version = _version, Scope = Scope });
        Http = new HttpInstruments(_server);
        Auth = new AuthInstruments(_server);
    }

    /// <summary>What the meters of this server have as their scope.</summary>
    public object Scope { get; } = new();

    public HttpInstruments Http { get; }

    public AuthInstruments Auth { get; }

    /// <summary>For the parts of the server that add instruments of their own.</summary>
    public Meter ServerMeter => _server;

    /// <summary>For the storage, which adds its own instruments.</summary>
    public Meter StorageMeter => _storage;

    /// <summary>Begins to tell what is looked at when somebody asks. Once the server listens: until then a client waits for each of these.</summary>
    public void Watch(Health.Readiness readiness)
    {
        ProcessInstruments.Add(_server, _version);
        _server.CreateObservableCounter("registry.traffic.received", () => _traffic.Total.BytesReceived, "By", "The content that clients sent");
        _server.CreateObservableCounter("registry.traffic.sent", () => _traffic.Total.BytesSent, "By", "The content that clients were sent");
        _server.CreateObservableGauge("registry.health.failing_checks", () => (long)readiness.Failing.Count, "{check}", "Health checks that fail at the moment");
        _server.CreateObservableGauge("registry.ready", () => readiness.IsReady ? 1L : 0, null, "Whether /readyz says that requests are welcome");
    }

    public void Dispose()
    {
        _server.Dispose();
        _storage.Dispose();
    }
}
