using PSRegistry.Server;
using PSRegistry.Server.Configuration;

namespace PSRegistry.Host;

/// <summary>What the program says when it is ready: where it listens, where the data is, and what to try.</summary>
internal static class StartUpLines
{
    public static async Task WriteAsync(TextWriter output, RegistryServer server, RegistryConfiguration configuration)
    {
        var data = configuration.Storage.Driver == StorageDriverKind.InMemory
            ? "in memory, gone when the program stops"
            : Path.GetFullPath(configuration.Storage.RootDirectory);
        var home = new Uri(Reachable(server.Addresses[0]), configuration.Http.Prefix);
        await output.WriteLineAsync($"psregistry {typeof(RegistryServer).Assembly.GetName().Version?.ToString(3)} listens on {string.Join(", ", server.Addresses)}");
        await output.WriteLineAsync($"data folder: {data}");
        if (configuration.Storage.ReadOnly)
            await output.WriteLineAsync("read-only: pushes and deletions are refused");
        await output.WriteLineAsync($"try:         curl {home}v2/_catalog");
        await output.FlushAsync();
    }

    /// <summary>Nobody can call "every interface"; from this machine the loopback address will do.</summary>
    private static Uri Reachable(Uri address) => address.Host is "[::]" or "0.0.0.0" ? new UriBuilder(address) { Host = "127.0.0.1" }.Uri : address;
}
