using System.Net;
using System.Net.Sockets;
using System.Text;

namespace PSRegistry.Client.Tests.Exchange;

/// <summary>A port whose connections are handled byte by byte: for what is no HTTP.</summary>
internal sealed class RawServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopped = new();
    private readonly Task _accepting;

    public RawServer(Func<NetworkStream, CancellationToken, Task> handle)
    {
        _listener.Start();
        _accepting = AcceptAsync(handle);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public Uri Http => new($"http://127.0.0.1:{Port}/");

    public Uri Https => new($"https://127.0.0.1:{Port}/");

    /// <summary>A server that sends <paramref name="text"/> to whatever comes, and closes.</summary>
    public static RawServer Saying(string text) => new(async (stream, token) =>
    {
        await stream.ReadExactlyAsync(new byte[1], token);
        await stream.WriteAsync(Encoding.Latin1.GetBytes(text), token);
    });

    public async ValueTask DisposeAsync()
    {
        await _stopped.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stopped.Dispose();
    }

    private async Task AcceptAsync(Func<NetworkStream, CancellationToken, Task> handle)
    {
        var handling = new List<Task>();
        try
        {
            while (true)
                handling.Add(HandleAsync(await _listener.AcceptTcpClientAsync(_stopped.Token), handle));
        }
        catch (Exception fault) when (fault is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(handling);
        }
    }

    private async Task HandleAsync(TcpClient connection, Func<NetworkStream, CancellationToken, Task> handle)
    {
        using (connection)
        {
            var stream = connection.GetStream();
            try
            {
                await handle(stream, _stopped.Token);
                // Read to the end, so that closing does not reset the connection under what was just sent.
                connection.Client.Shutdown(SocketShutdown.Send);
                await stream.CopyToAsync(Stream.Null, _stopped.Token);
            }
            catch (Exception fault) when (fault is IOException or SocketException or OperationCanceledException)
            {
                // The client went away, or the test is over.
            }
        }
    }
}
