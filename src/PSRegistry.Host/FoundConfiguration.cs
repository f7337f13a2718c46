using PSRegistry.Server.Configuration;

namespace PSRegistry.Host;

/// <summary>The configuration that counts: the file that was named, else the one that the environment names, else the quick start; variables count over each.</summary>
internal static class FoundConfiguration
{
    /// <summary>Reads it, and tells every fault on standard error.</summary>
    public static async Task<ConfigurationResult> LoadAsync(string? path, bool strict)
    {
        var result = ConfigurationLoader.Load(Find(path, strict));
        foreach (var fault in result.Faults)
            await Console.Error.WriteLineAsync(fault.ToString());
        return result;
    }

    private static ConfigurationSource Find(string? path, bool strict)
    {
        path ??= Environment.GetEnvironmentVariable("REGISTRY_CONFIGURATION_PATH");
        var source = ConfigurationSource.ForProcess(string.IsNullOrEmpty(path) ? null : path, strict);
        return source.Path is null ? source with { Path = "built-in", Text = QuickStart.Configuration } : source;
    }
}
