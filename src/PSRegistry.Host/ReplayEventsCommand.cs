using PSRegistry.Server.Notifications;

namespace PSRegistry.Host;

/// <summary><c>psregistry replay-events --since 2h [--endpoint NAME] [config.yml]</c></summary>
internal static class ReplayEventsCommand
{
    public static async Task<int> RunAsync(string? configurationPath, string since, string? endpoint)
    {
        var result = FoundConfiguration.Load(configurationPath, strict: false);
        if (result.Configuration is not { } configuration)
            return ExitCode.FaultyConfiguration;
        try
        {
            var from = EventReplay.Ask(configuration, since, endpoint);
            await Console.Out.WriteLineAsync($"Events since {from:u} are sent once more to {endpoint ?? "every endpoint"}: now where a server runs, else when the next one starts.");
            return ExitCode.Stopped;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException)
        {
            await Console.Error.WriteLineAsync($"psregistry: {fault.Message}");
            return ExitCode.CannotStart;
        }
    }
}
