using Microsoft.Extensions.Logging;
using PSRegistry.Server.Configuration;
using PSRegistry.Server.Http;

namespace PSRegistry.Server.Telemetry;

/// <summary>What one server tells of itself beside its log: its meters, and where they are read.</summary>
internal sealed class ServerTelemetry : IAsyncDisposable
{
    private IDisposable? _export;
    private AuditFile? _auditFile;

    private ServerTelemetry(RegistryConfiguration configuration, ILogger audit)
    {
        Audit = audit;
        Metrics = configuration.Http.MetricsPath is null ? null : new MetricStore(Meters.Scope);
    }

    public TrafficCounter Traffic { get; } = new();

    public ServerMeters Meters { get; } = new();

    /// <summary>For Prometheus; null where nothing is fetched.</summary>
    public MetricStore? Metrics { get; }

    /// <summary>Takes the lines of the audit.</summary>
    public ILogger Audit { get; private set; }

    /// <exception cref="RegistryStartException">The file of the audit cannot be written, or the variables of OpenTelemetry cannot be used.</exception>
    public static async Task<ServerTelemetry> StartAsync(RegistryConfiguration configuration, ILoggerFactory logging, ILogger log)
    {
        var telemetry = new ServerTelemetry(configuration, logging.CreateLogger(AuditLog.Category));
        try
        {
            telemetry.Start(configuration, log);
        }
        catch
        {
            await telemetry.DisposeAsync();
            throw;
        }
        return telemetry;
    }

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

    private void Start(RegistryConfiguration configuration, ILogger log)
    {
        if (configuration.Log is { AuditPath: { } path })
            Audit = _auditFile = new AuditFile(path, configuration.Log.Fields, Audit, log);
        _export = OtlpExport.Begin(configuration.Otel, log);
    }
}
