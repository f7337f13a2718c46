using PSRegistry.Server.Configuration;

namespace PSRegistry.Host;

/// <summary>The configuration that counts: the file that was named, else the one that the environment names, else the quick start; variables count over each.</summary>
internal static class FoundConfiguration
{
    /// <summary>Reads it, and tells every fault on standard error.</summary>
    public static async Task<ConfigurationResult> LoadAsync(string? path, bool strict)
    {
        var source = ConfigurationSource.Find(path, ConfigurationSource.ProcessEnvironment);
        var result = ConfigurationLoader.Load(source with { Strict = strict });
        foreach (var fault in result.Faults)
            await Console.Error.WriteLineAsync(fault.ToString());
        return result;
    }
}
