using PSRegistry.Hosting;
using PSRegistry.Server.Configuration;

namespace PSRegistry.Host;

/// <summary>
/// The configuration that counts: the file that was named, else the one that the environment names, else the first of those that the
/// environment has looked for, else the quick start; variables count over each.
/// </summary>
internal static class FoundConfiguration
{
    /// <summary>Files to look for, in order, where none is named: the container image sets it, so that a mounted configuration counts over its own.</summary>
    private const string Search = "PSREGISTRY_CONFIGURATION_SEARCH";

    /// <summary>Reads it, and tells every fault.</summary>
    /// <param name="path">The file that was named; null for none.</param>
    /// <param name="strict">Whether an unknown key is an error everywhere.</param>
    /// <param name="error">Opens where the faults go; null for standard error.</param>
    public static ConfigurationResult Load(string? path, bool strict, Func<TextWriter>? error = null)
    {
        var source = ConfigurationSource.Find(path ?? Searched(), ServerSettings.ProcessEnvironment);
        var result = ConfigurationLoader.Load(source with { Strict = strict });
        foreach (var fault in result.Faults)
            (error?.Invoke() ?? Console.Error).WriteLine(fault.ToString());
        return result;
    }

    private static string? Searched() => string.IsNullOrEmpty(Environment.GetEnvironmentVariable("REGISTRY_CONFIGURATION_PATH"))
        ? Environment.GetEnvironmentVariable(Search)?.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).FirstOrDefault(File.Exists)
        : null;
}
