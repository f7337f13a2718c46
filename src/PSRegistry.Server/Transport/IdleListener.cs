using System.Net;
using Microsoft.AspNetCore.Connections;

namespace PSRegistry.Server.Transport;

/// <summary>Listens nowhere until it is told to stop.</summary>
/// <param name="endpoint">What it is said to listen on.</param>
/// <param name="only">The one connection that comes; null for none.</param>
internal sealed class IdleListener(EndPoint endpoint, ConnectionContext? only = null) : IConnectionListener
{
    private readonly TaskCompletionSource<ConnectionContext?> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ConnectionContext? _only = only;

    public EndPoint EndPoint => endpoint;

    public ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) =>
        Interlocked.Exchange(ref _only, null) is { } connection ? new(connection) : new(_end.Task);

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        _end.TrySetResult(null);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => UnbindAsync();
}
