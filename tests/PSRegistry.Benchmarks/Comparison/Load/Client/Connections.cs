namespace PSRegistry.Benchmarks.Comparison.Load.Client;

/// <summary>The connections of a load, and the work shared out among them.</summary>
internal static class Connections
{
    public static async Task<IPushConnection[]> OpenAsync(Uri server, bool http2, int count, CancellationToken cancellationToken)
    {
        if (http2)
            return Http2Connection.Open(server, count);
        var connections = new IPushConnection[count];
        for (var i = 0; i < count; i++)
            connections[i] = await RawConnection.OpenAsync(server, cancellationToken);
        return connections;
    }

    /// <summary>Does items 0 to <paramref name="count"/> - 1, one at a time on each connection.</summary>
    public static async Task ShareAsync(IPushConnection[] connections, int count, Func<IPushConnection, int, Task> item)
    {
        var next = -1;
        await Task.WhenAll(connections.Select(connection => Task.Run(async () =>
        {
            while (Interlocked.Increment(ref next) is var i && i < count)
                await item(connection, i);
        })));
    }

    public static async Task CloseAsync(IPushConnection[] connections)
    {
        foreach (var connection in connections)
            await connection.DisposeAsync();
    }
}
