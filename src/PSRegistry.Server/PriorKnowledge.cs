using System.Buffers;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using PSRegistry.Server.Transport;

namespace PSRegistry.Server;

/// <summary>
/// HTTP/2 without TLS beside HTTP/1.1 on one port (RFC 9113, 3.3): a client that knows begins with a fixed line, and its
/// connection goes to a pipeline of its own. Kestrel builds one for each endpoint, so there is an endpoint that is never bound.
/// </summary>
internal static class PriorKnowledge
{
    private const string Nowhere = "http://nowhere.invalid";

    private static ReadOnlySpan<byte> Preface => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8;

    /// <summary>As long as the server waits for a request line, and no longer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(130);

    public static void Use(KestrelServerOptions kestrel, ListenOptions listen)
    {
        ConnectionDelegate? http2 = null;
        kestrel.Listen(new NoEndPoint(), other =>
        {
            other.Protocols = HttpProtocols.Http2;
            other.Use(next => http2 = next);
        });
        listen.Use(http1 => async connection =>
        {
            if (await BeginsWithPrefaceAsync(connection) is { } isHttp2)
                await (isHttp2 ? http2! : http1)(connection);
        });
    }

    /// <summary>Whether a server's address is that of the endpoint which is never bound.</summary>
    public static bool IsNowhere(string address) => address.StartsWith(Nowhere, StringComparison.Ordinal);

    /// <summary>Looks at the first bytes and leaves them there; null when the client goes away, or says nothing for too long, or until the server stops.</summary>
    private static async ValueTask<bool?> BeginsWithPrefaceAsync(ConnectionContext connection)
    {
        var input = connection.Transport.Input;
        var closing = connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? default;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(connection.ConnectionClosed, closing);
        limit.CancelAfter(Patience);
        while (true)
        {
            try
            {
                var read = await input.ReadAsync(limit.Token);
                var decided = Compare(read.Buffer);
                if (decided is not null || read.IsCompleted)
                {
                    input.AdvanceTo(read.Buffer.Start);
                    return decided ?? false;
                }
                input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            }
            catch (Exception gone) when (gone is OperationCanceledException or IOException)
            {
                return null;
            }
        }
    }

    private static bool? Compare(ReadOnlySequence<byte> sent)
    {
        Span<byte> start = stackalloc byte[Preface.Length];
        var length = (int)Math.Min(sent.Length, Preface.Length);
        sent.Slice(0, length).CopyTo(start);
        if (!start[..length].SequenceEqual(Preface[..length]))
            return false;
        return length == Preface.Length ? true : null;
    }

    /// <summary>Nowhere.</summary>
    private sealed class NoEndPoint : EndPoint
    {
        public override string ToString() => Nowhere["http://".Length..];
    }

    /// <summary>Listens with sockets, and nowhere until it is told to stop.</summary>
    internal sealed class Listeners(IConnectionListenerFactory sockets) : IConnectionListenerFactory
    {
        public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
            endpoint is NoEndPoint ? ValueTask.FromResult<IConnectionListener>(new IdleListener(endpoint)) : sockets.BindAsync(endpoint, cancellationToken);
    }
}
