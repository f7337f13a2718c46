using PSRegistry.Server;
using PSRegistry.Server.Configuration;

namespace PSRegistry.Host;

/// <summary>What the program says when it is ready: where it listens, where the data is, and what to try.</summary>
internal static class StartUpLines
{
    public static async Task WriteAsync(TextWriter output, RegistryServer server, RegistryConfiguration configuration)
    {
        await output.WriteLineAsync($"psregistry {server.Version} listens on {string.Join(", ", server.Addresses)}");
        await output.WriteLineAsync($"data folder: {server.DataFolder ?? "in memory, gone when the program stops"}");
        if (configuration.Storage.ReadOnly)
            await output.WriteLineAsync("read-only: pushes and deletions are refused");
        await output.WriteLineAsync($"try:         curl {server.Uri}v2/_catalog");
        await output.FlushAsync();
    }
}
