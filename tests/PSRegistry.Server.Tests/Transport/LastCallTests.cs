using System.Diagnostics;
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
    public async Task Who_was_taken_may_begin_to_speak()
    {
        _transport.Grace = TimeSpan.FromMilliseconds(200);
        var listener = await ListenAsync();
        var clock = Stopwatch.StartNew();
        var end = listener.UnbindAsync(Token).AsTask();
        Assert.Null(await listener.AcceptAsync(Token));
        await end;
        // A timer may be early by the length of a tick.
        Assert.True(clock.Elapsed > 1.8 * _transport.Grace, $"{clock.Elapsed}");
    }

    [Fact]
    public async Task Nobody_is_heard_when_there_is_no_time()
    {
        _transport.Grace = TimeSpan.FromMinutes(5);
        var listener = await ListenAsync();
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var end = listener.UnbindAsync(enough.Token).AsTask();
        await enough.CancelAsync();
        await end.WaitAsync(TimeSpan.FromMinutes(1), Token);
    }

    [Theory(SkipUnless = nameof(CanShutTheDoor), Skip = "needs Linux")]
    [InlineData("127.0.0.1")]
    [InlineData("::")]
    public async Task Who_comes_later_is_refused_while_those_before_are_taken(string address)
    {
        _transport.Grace = TimeSpan.FromSeconds(1);
        var listener = await ListenAsync(address);
        await _client.ConnectAsync(IPAddress.Loopback, Port, Token);
        var end = listener.UnbindAsync(Token).AsTask();
        using var late = new TcpClient();
        var refused = await Assert.ThrowsAsync<SocketException>(async () => await late.ConnectAsync(IPAddress.Loopback, Port, Token));
        Assert.Equal(SocketError.ConnectionRefused, refused.SocketErrorCode);
        await using var connection = await listener.AcceptAsync(Token);
        Assert.NotNull(connection);
        await end;
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

    private int Port => ((IPEndPoint)_listener!.EndPoint).Port;

    private async Task<IConnectionListener> ListenAsync(string address = "127.0.0.1") =>
        _listener = await _transport.BindAsync(new IPEndPoint(IPAddress.Parse(address), 0), Token);
}
