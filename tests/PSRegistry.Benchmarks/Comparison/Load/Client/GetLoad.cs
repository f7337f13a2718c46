using System.Diagnostics;

namespace PSRegistry.Benchmarks.Comparison.Load.Client;

/// <summary>Loads that read.</summary>
internal static class GetLoad
{
    /// <summary>HEADs for some seconds over 32 connections: wrk waits for a body that never comes.</summary>
    public static async Task<Sample> HeadAsync(Uri url, int seconds, CancellationToken cancellationToken)
    {
        const int Count = 32;
        var connections = await OpenAsync(url, Count, 16 * 1024, cancellationToken);
        var request = new PushRequest("HEAD", url.PathAndQuery);
        var clock = Stopwatch.StartNew();
        var counts = await Task.WhenAll(connections.Select(connection =>
            Task.Run(() => connection.RepeatAsync(request, () => clock.Elapsed.TotalSeconds < seconds, cancellationToken))));
        var elapsed = clock.Elapsed.TotalSeconds;
        await Connections.CloseAsync(connections);
        return new Sample(counts.Sum() / elapsed, counts.Sum());
    }

    /// <summary>Pulls the same body <paramref name="count"/> times over <paramref name="readers"/> connections; MB/s.</summary>
    public static async Task<Sample> PullAsync(Uri url, int readers, int count, CancellationToken cancellationToken)
    {
        var connections = await OpenAsync(url, readers, readers > 64 ? 64 * 1024 : 1024 * 1024, cancellationToken);
        var request = new PushRequest("GET", url.PathAndQuery);
        long total = 0;
        var clock = Stopwatch.StartNew();
        await Connections.ShareAsync(connections, count, async (connection, _) =>
            Interlocked.Add(ref total, await ((RawConnection)connection).PullAsync(request, cancellationToken)));
        var elapsed = clock.Elapsed.TotalSeconds;
        await Connections.CloseAsync(connections);
        return new Sample(total / 1e6 / elapsed, total / 1e9);
    }

    private static async Task<RawConnection[]> OpenAsync(Uri url, int count, int bufferSize, CancellationToken cancellationToken)
    {
        var connections = new RawConnection[count];
        for (var i = 0; i < count; i++)
            connections[i] = await RawConnection.OpenAsync(url, cancellationToken, bufferSize);
        return connections;
    }
}
