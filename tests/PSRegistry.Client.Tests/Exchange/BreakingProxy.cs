using System.Net.Sockets;

namespace PSRegistry.Client.Tests.Exchange;

/// <summary>A port in front of a registry that cuts its first connections after so many bytes one way or the other.</summary>
internal sealed class BreakingProxy : IAsyncDisposable
{
    private readonly RawServer _server;
    private int _breaksLeft;

    private BreakingProxy(Uri target, long upTo, long downTo, int breaks)
    {
        _breaksLeft = breaks;
        _server = new RawServer(async (client, token) =>
        {
            using var registry = new TcpClient();
            await registry.ConnectAsync(target.Host, target.Port, token);
            var stream = registry.GetStream();
            using var both = CancellationTokenSource.CreateLinkedTokenSource(token);
            var up = PumpAsync(client, stream, upTo, both.Token);
            var down = PumpAsync(stream, client, downTo, both.Token);
            await Task.WhenAny(up, down);
            await both.CancelAsync();
            client.Socket.LingerState = new LingerOption(true, 0);
            client.Socket.Close();
            throw new IOException("cut");
        });
    }

    public Uri Address => _server.Http;

    public int BreaksLeft => Math.Max(0, _breaksLeft);

    public static BreakingProxy Upward(Uri target, long bytes, int breaks) => new(target, bytes, long.MaxValue, breaks);

    public static BreakingProxy Downward(Uri target, long bytes, int breaks) => new(target, long.MaxValue, bytes, breaks);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task PumpAsync(NetworkStream from, NetworkStream to, long bytes, CancellationToken token)
    {
        var buffer = new byte[16 * 1024];
        for (var passed = 0L; ;)
        {
            var read = await from.ReadAsync(buffer, token);
            if (read == 0)
                return;
            passed += read;
            if (passed > bytes && Interlocked.Decrement(ref _breaksLeft) >= 0)
                return;
            await to.WriteAsync(buffer.AsMemory(0, read), token);
        }
    }
}
