using PSRegistry.Testing;

namespace PSRegistry.Benchmarks.Allocations;

/// <summary><c>allocations</c>: what one request of every client makes the server allocate. A test of the server holds the bounds.</summary>
internal static class AllocationsCommand
{
    public static async Task<int> RunAsync(TextWriter output, CancellationToken cancellationToken)
    {
        await using var paths = await HotPaths.StartAsync(cancellationToken);
        await output.WriteLineAsync("| request | bytes allocated |\n|---|---:|");
        foreach (var name in paths.Requests.Keys)
            await output.WriteLineAsync($"| {name} | {paths.Allocates(name)} |");
        return 0;
    }
}
