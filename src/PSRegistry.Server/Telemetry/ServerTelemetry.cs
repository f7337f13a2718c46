using Microsoft.Extensions.Logging;
using PSRegistry.Server.Configuration;
using PSRegistry.Server.Http;

namespace PSRegistry.Server.Telemetry;

/// <summary>What one server tells of itself beside its log: its meters, and where they are read.</summary>
internal sealed class ServerTelemetry : IAsyncDisposable
{
    private readonly IDisposable? _export;

    private readonly AuditFile? _auditFile;

    private ServerTelemetry(TrafficCounter traffic, RegistryConfiguration configuration, ILoggerFactory logging, ILogger log)
    {
        Audit = logging.CreateLogger(AuditLog.Category);
        if (configuration.Log is { AuditPath: { } path })
            Audit = _auditFile = new AuditFile(path, configuration.Log.Fields, Audit, log);
        Traffic = traffic;
        Meters = new ServerMeters(traffic);
        Metrics = configuration.Http.MetricsPath is null ? null : new MetricStore(Meters.Scope);
        _export = OtlpExport.Begin(configuration.Otel, log);
    }

    public TrafficCounter Traffic { get; }

    public ServerMeters Meters { get; }

    /// <summary>For Prometheus; null where nothing is fetched.</summary>
    public MetricStore? Metrics { get; }

    /// <summary>Takes the lines of the audit.</summary>
    public ILogger Audit { get; }

    /// <exception cref="RegistryStartException">The file of the audit cannot be written.</exception>
    public static ServerTelemetry Start(RegistryConfiguration configuration, ILoggerFactory logging, ILogger log) =>
        new(new TrafficCounter(), configuration, logging, log);

    /// <summary>Sends what has not been sent yet, for a few seconds at most.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_export is not null)
            await Task.Run(_export.Dispose);
        if (_auditFile is not null)
            await _auditFile.DisposeAsync();
        Metrics?.Dispose();
        Meters.Dispose();
    }
}
