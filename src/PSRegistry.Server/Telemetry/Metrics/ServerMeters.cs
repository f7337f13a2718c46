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

    private readonly Meter _server;
    private readonly Meter _storage;

    public ServerMeters()
    {
        var version = typeof(ServerMeters).Assembly.GetName().Version!.ToString(3);
        _server = new Meter(new MeterOptions(Server) { Version = version, Scope = Scope });
        _storage = new Meter(new MeterOptions(Storage) { Version = version, Scope = Scope });
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
    public void Watch(TrafficCounter traffic, Health.Readiness readiness)
    {
        ProcessInstruments.Add(_server);
        _server.CreateObservableCounter("registry.traffic.received", () => traffic.Total.BytesReceived, "By", "The content that clients sent");
        _server.CreateObservableCounter("registry.traffic.sent", () => traffic.Total.BytesSent, "By", "The content that clients were sent");
        _server.CreateObservableGauge("registry.health.failing_checks", () => (long)readiness.Failing.Count, "{check}", "Health checks that fail at the moment");
        _server.CreateObservableGauge("registry.ready", () => readiness.IsReady ? 1L : 0, null, "Whether /readyz says that requests are welcome");
    }

    public void Dispose()
    {
        _server.Dispose();
        _storage.Dispose();
    }
}
