using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace PSRegistry.Server.Transport;

/// <summary>
/// Sockets that end their listening without a loss. Where it just ends, two kinds of clients are cut off that have sent a request in good
/// faith: those whom the system let in and nobody here has taken yet, and those who were taken this moment and whom Kestrel has not heard yet.
/// A proxy cannot send a push elsewhere once it sent a part of it.
/// </summary>
internal sealed class LastCall : IConnectionListenerFactory
{
    /// <summary>How long those who are about to be let in may need: a way there and back.</summary>
    private static readonly TimeSpan RoundTrip = TimeSpan.FromMilliseconds(250);

    /// <summary>For how long the last ones are waited for where they are not taken.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly SocketTransportFactory _sockets;
    private Socket? _bound;

    /// <param name="options">Of Kestrel's sockets; the making of sockets that listen is taken over.</param>
    /// <param name="logging">Where they tell of themselves.</param>
    public LastCall(SocketTransportOptions options, ILoggerFactory logging)
    {
        options.CreateBoundListenSocket = endpoint => _bound = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
        _sockets = new SocketTransportFactory(Options.Create(options), logging);
    }

    /// <summary>For how long those who were taken last may begin to speak. Without it those are not waited for who are not let in yet.</summary>
    public TimeSpan Grace { get; set; }

    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        new Listener(this, await _sockets.BindAsync(endpoint, cancellationToken), _bound!);

    private sealed class Listener(LastCall owner, IConnectionListener sockets, Socket bound) : IConnectionListener
    {
        public EndPoint EndPoint => sockets.EndPoint;

        public ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) => sockets.AcceptAsync(cancellationToken);

        public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            if (!cancellationToken.IsCancellationRequested)
                await LetInTheLastAsync(cancellationToken);
            await sockets.UnbindAsync(cancellationToken);
            await Task.Delay(owner.Grace, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        public ValueTask DisposeAsync() => sockets.DisposeAsync();

        private async Task LetInTheLastAsync(CancellationToken cancellationToken)
        {
            try
            {
                ShutDoor.Shut(bound);
                var since = Environment.TickCount64;
                while ((Since(since) < owner.Grace && Since(since) < RoundTrip) || (Since(since) < Patience && bound.Poll(0, SelectMode.SelectRead)))
                    await Task.Delay(1, cancellationToken);
            }
            catch (Exception gone) when (gone is SocketException or ObjectDisposedException or OperationCanceledException)
            {
                // It listens no more, or there is no time: nobody is waited for.
            }
        }

        private static TimeSpan Since(long time) => TimeSpan.FromMilliseconds(Environment.TickCount64 - time);
    }
}
