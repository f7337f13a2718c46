using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using PSRegistry.Server.Configuration;
using PSRegistry.Server.Telemetry;

namespace PSRegistry.Server;

/// <summary>What stands behind the door of PSRegistry.Hosting. Found by its name, since no assembly before the door refers to this one.</summary>
public sealed class RegistryServices : IRegistryServices
{
    /// <inheritdoc/>
    public async Task<ServerStart> StartServerAsync(ServerSettings settings, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var result = ConfigurationLoader.Load(ConfigurationSource.Find(settings.ConfigurationPath, settings.Environment, settings.Parameters));
        if (result.Configuration is not { } configuration)
            return new ServerStart(null, result.Faults);
        ILoggerFactory logging = settings.Log is { } sink
            ? new LoggerFactory([new RecordLoggerProvider(configuration.Log, sink)], new LoggerFilterOptions { MinLevel = LogLevel.Trace })
            : NullLoggerFactory.Instance;
        return new ServerStart(await RegistryServer.StartAsync(configuration, logging, cancellationToken), result.Faults);
    }
}
