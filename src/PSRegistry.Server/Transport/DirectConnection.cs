using System.IO.Pipelines;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace PSRegistry.Server.Transport;

/// <summary>One client.</summary>
internal sealed class DirectConnection : DefaultConnectionContext, IDuplexPipe
{
    private readonly Socket _socket;
    private readonly SocketReader _input;
    private readonly SocketWriter _output;
    private readonly CancellationTokenSource _closed = new();

    public DirectConnection(Socket socket)
        : base(ConnectionNumber.Next())
    {
        _socket = socket;
        _input = new SocketReader(socket);
        _output = new SocketWriter(socket, _closed);
        LocalEndPoint = socket.LocalEndPoint;
        RemoteEndPoint = socket.RemoteEndPoint;
        ConnectionClosed = _closed.Token;
        Transport = this;
        Features.Set<IFileOutput>(_output);
    }

    public PipeReader Input => _input;

    public PipeWriter Output => _output;

    public override void Abort(ConnectionAbortedException abortReason)
    {
        // A receive or send in progress ends; the socket itself is released when Kestrel is done with the connection.
        try
        {
            _socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
        }
    }

    public override async ValueTask DisposeAsync()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
        }
        _socket.Dispose();
        _input.Complete();
        _input.Dispose();
        _output.Complete();
        await _closed.CancelAsync();
        _closed.Dispose();
        await base.DisposeAsync();
    }

    /// <summary>Names connections in logs: short, and different in one process.</summary>
    private static class ConnectionNumber
    {
        private static readonly long Start = DateTime.UtcNow.Ticks;
        private static long _last;

        public static string Next() => string.Create(null, stackalloc char[32], $"{Start + Interlocked.Increment(ref _last):X}");
    }
}
