using PSRegistry.Server.Configuration;

namespace PSRegistry.Host;

/// <summary><c>psregistry config [config.yml]</c>: prints the configuration that counts, and serves nothing.</summary>
internal static class ConfigCommand
{
    public static async Task<int> RunAsync(string? configurationPath, bool strict)
    {
        var result = FoundConfiguration.Load(configurationPath, strict);
        if (result.Configuration is null)
            return ExitCode.FaultyConfiguration;
        await Console.Out.WriteAsync(EffectiveYaml.Write(result.Effective));
        return ExitCode.Stopped;
    }

    /// <summary><c>psregistry serve --check</c>: nothing but the faults.</summary>
    public static async Task<int> CheckAsync(string? configurationPath, bool strict)
    {
        var result = FoundConfiguration.Load(configurationPath, strict);
        if (result.Configuration is null)
            return ExitCode.FaultyConfiguration;
        await Console.Out.WriteLineAsync(result.Faults.Count == 0 ? "The configuration has no faults." : "The configuration can be served, with the warnings above.");
        return ExitCode.Stopped;
    }
}
