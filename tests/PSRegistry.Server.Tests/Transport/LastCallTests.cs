using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using PSRegistry.Server.Transport;

namespace PSRegistry.Server.Tests.Transport;

/// <summary>Clients that came in time, and what a server that ends its listening owes them.</summary>
public sealed class LastCallTests : IAsyncDisposable
{
    private readonly LastCall _transport = new(new SocketTransportOptions(), NullLoggerFactory.Instance);
    private readonly TcpClient _client = new();
    private IConnectionListener? _listener;

    public static bool CanShutTheDoor => OperatingSystem.IsLinux();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_waits_to_be_taken_is_taken()
    {
        var listener = await ListenAsync();
        await _client.ConnectAsync((IPEndPoint)listener.EndPoint, Token);
        var end = listener.UnbindAsync(Token).AsTask();
        await using var connection = await listener.AcceptAsync(Token);
        Assert.NotNull(connection);
        await _client.GetStream().WriteAsync("asked in good faith"u8.ToArray(), Token);
        Assert.Equal("asked in good faith"u8.Length, (await connection.Transport.Input.ReadAsync(Token)).Buffer.Length);
        await end;
    }

    [Fact]
    public async Task Who_was_taken_may_begin_to_speak_while_nobody_else_is_let_in()
    {
        _transport.Grace = TimeSpan.FromMinutes(5);
        var listener = await ListenAsync();
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var end = listener.UnbindAsync(enough.Token).AsTask();
        Assert.Null(await listener.AcceptAsync(Token));
        await Assert.ThrowsAsync<SocketException>(async () => await _client.ConnectAsync((IPEndPoint)listener.EndPoint, Token));
        Assert.False(end.IsCompleted);
        await enough.CancelAsync();
        await end;
    }

    [Fact(SkipUnless = nameof(CanShutTheDoor), Skip = "needs Linux")]
    public async Task Who_comes_later_is_refused_before_anything_is_sent()
    {
        _transport.Grace = TimeSpan.FromSeconds(1);
        var listener = await ListenAsync();
        var end = listener.UnbindAsync(Token).AsTask();
        var late = await Assert.ThrowsAsync<SocketException>(async () => await _client.ConnectAsync((IPEndPoint)listener.EndPoint, Token));
        Assert.Equal(SocketError.ConnectionRefused, late.SocketErrorCode);
        await end;
        Assert.Null(await listener.AcceptAsync(Token));
    }

    [Fact]
    public async Task Nobody_is_waited_for_who_is_not_taken()
    {
        var listener = await ListenAsync();
        await _client.ConnectAsync((IPEndPoint)listener.EndPoint, Token);
        await listener.UnbindAsync(Token).AsTask().WaitAsync(TimeSpan.FromMinutes(1), Token);
        Assert.Null(await listener.AcceptAsync(Token));
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        if (_listener is not null)
            await _listener.DisposeAsync();
    }

    private async Task<IConnectionListener> ListenAsync() => _listener = await _transport.BindAsync(new IPEndPoint(IPAddress.Loopback, 0), Token);
}
