using Microsoft.Extensions.Logging;
using PSRegistry.Hosting;
using PSRegistry.Server;
using PSRegistry.Server.Telemetry;

namespace PSRegistry.Host;

/// <summary><c>psregistry serve [config.yml]</c></summary>
internal static class ServeCommand
{
    public static async Task<int> RunAsync(string? configurationPath, bool strict, CancellationToken cancellationToken)
    {
        var result = await FoundConfiguration.LoadAsync(configurationPath, strict);
        if (result.Configuration is not { } configuration)
            return ExitCode.FaultyConfiguration;

        using var signals = new StopSignals(cancellationToken);
        using var reload = new ReloadSignal(signals.End);
        using var log = new RegistryLoggerProvider(configuration.Log, Console.Error);
        using var logging = new LoggerFactory([log], new LoggerFilterOptions { MinLevel = LogLevel.Trace });
        try
        {
            await using var server = await RegistryServer.StartAsync(result, logging, changed => log.Apply(changed.Log), signals.Stop);
            reload.Serve(server);
            await StartUpLines.WriteAsync(Console.Out, server, configuration);
            await signals.WaitAsync();
            await server.StopAsync(signals.StopAtOnce);
            return ExitCode.Stopped;
        }
        catch (RegistryStartException fault)
        {
            await Console.Error.WriteLineAsync($"psregistry: {fault.Message}");
            return ExitCode.CannotStart;
        }
        catch (OperationCanceledException) when (signals.Stop.IsCancellationRequested)
        {
            return ExitCode.Stopped;
        }
    }
}
