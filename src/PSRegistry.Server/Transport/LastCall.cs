using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace PSRegistry.Server.Transport;

/// <summary>
/// Sockets that end their listening without breaking off who is new. Where it just ends, two kinds of clients are cut off that have sent a
/// request in good faith: those whom the system let in and nobody here has taken yet, and those who were taken this moment and whom Kestrel
/// has not heard yet. A proxy cannot send a push elsewhere once it sent a part of it.
/// </summary>
internal sealed class LastCall : IConnectionListenerFactory
{
    /// <summary>For how long those whom the system let in are waited for where nobody takes them.</summary>
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

    /// <summary>For how long those who are about to be let in may take for that, and then those who were taken last to begin to speak.</summary>
    public TimeSpan Grace { get; set; }

    /// <remarks>Kestrel binds one after the other, and the socket is made before the first wait: it is the one of this listener.</remarks>
    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        new Listener(this, await _sockets.BindAsync(endpoint, cancellationToken), _bound!);

    private sealed class Listener(LastCall owner, IConnectionListener sockets, Socket bound) : IConnectionListener
    {
        public EndPoint EndPoint => sockets.EndPoint;

        public ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) => sockets.AcceptAsync(cancellationToken);

        public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            if (!cancellationToken.IsCancellationRequested)
            {
                ShutDoor();
                await LetInTheLastAsync(cancellationToken);
            }
            await sockets.UnbindAsync(cancellationToken);
            await WaitAsync(owner.Grace, cancellationToken);
        }

        public ValueTask DisposeAsync() => sockets.DisposeAsync();

        /// <summary>
        /// Lets no connection begin any more and yet ends none: Linux looks for listeners by the interface that a packet came from, and this
        /// one listens from now on to one that does not exist. Whoever comes is refused before anything was sent. A Unix socket has no such
        /// door, nor have other systems; there the moment between the last look and the end stays.
        /// </summary>
        private void ShutDoor()
        {
            const int SocketLevel = 1, BindToInterface = 62, NoInterface = int.MaxValue;
            if (!OperatingSystem.IsLinux() || bound.AddressFamily is AddressFamily.Unix)
                return;
            try
            {
                bound.SetRawSocketOption(SocketLevel, BindToInterface, BitConverter.GetBytes(NoInterface));
            }
            catch (Exception refused) when (refused is SocketException or ObjectDisposedException)
            {
                // Bound to an interface already (an address of one link), and not ours to change, or closed. As where there is no door.
            }
        }

        private async Task LetInTheLastAsync(CancellationToken cancellationToken)
        {
            var clock = Stopwatch.StartNew();
            while (!cancellationToken.IsCancellationRequested && (clock.Elapsed < owner.Grace || (clock.Elapsed < Patience && SomebodyWaits())))
                await WaitAsync(TimeSpan.FromMilliseconds(1), cancellationToken);
        }

        private bool SomebodyWaits()
        {
            try
            {
                return bound.Poll(0, SelectMode.SelectRead);
            }
            catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
            {
                return false;
            }
        }

        private static async Task WaitAsync(TimeSpan time, CancellationToken cancellationToken) =>
            await Task.Delay(time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
