using Microsoft.Extensions.Logging;
using PSRegistry.Host.Services;
using PSRegistry.Hosting;
using PSRegistry.Server;
using PSRegistry.Server.Configuration;
using PSRegistry.Server.Telemetry;

namespace PSRegistry.Host;

/// <summary><c>psregistry serve [config.yml]</c></summary>
internal static class ServeCommand
{
    public static async Task<int> RunAsync(string? configurationPath, bool strict, CancellationToken cancellationToken)
    {
        WarmUp.Begin();
        if (WindowsService.IsThisProcess)
            return WindowsService.Run(configurationPath, strict);
        using var notices = new SystemdNotices();
        return await RunAsync(configurationPath, strict, new Surroundings(notices, () => Console.Error), cancellationToken);
    }

    /// <summary>Serves in surroundings that are not the console's.</summary>
    public static async Task<int> RunAsync(string? configurationPath, bool strict, Surroundings surroundings, CancellationToken cancellationToken)
    {
        var result = FoundConfiguration.Load(configurationPath, strict, surroundings.Error);
        if (result.Configuration is not { } configuration)
            return ExitCode.FaultyConfiguration;

        using var signals = new StopSignals(cancellationToken);
        using var reload = new ReloadSignal(surroundings.Notices, signals.End);
        using var log = new RegistryLoggerProvider(configuration.Log, () => RegistryLoggerProvider.WriterOf(Console.OpenStandardError(), Console.Error.Encoding));
        using var both = surroundings.EventLog is { } eventLog ? new LoggerFactory([log, eventLog], new LoggerFilterOptions { MinLevel = LogLevel.Trace }) : null;
        var logging = both ?? (ILoggerFactory)log;
        try
        {
            await using var server = await RegistryServer.StartAsync(result, logging, TakeOver, signals.Stop);
            await StartUpLines.WriteAsync(Console.Out, server, configuration);
            surroundings.Notices.Ready($"listens on {StartUpLines.Addresses(server, configuration)}");
            // Not before: an answer to a reload would be taken for the first word that it is ready.
            reload.Serve(server);
            await signals.WaitAsync();
            surroundings.Notices.Stopping(configuration.Http.DrainDelay + configuration.Http.DrainTimeout);
            await server.StopAsync(signals.StopAtOnce);
            return ExitCode.Stopped;
        }
        catch (RegistryStartException fault)
        {
            await surroundings.Error().WriteLineAsync($"psregistry: {fault.Message}");
            return ExitCode.CannotStart;
        }
        catch (OperationCanceledException) when (signals.Stop.IsCancellationRequested)
        {
            return ExitCode.Stopped;
        }

        void TakeOver(RegistryConfiguration changed)
        {
            log.Apply(changed.Log);
            configuration = changed;
        }
    }
}
