using System.Net;

namespace PSRegistry.Testing;

/// <summary>
/// A request body of unknown length that stops in the middle and goes on when told: a client on a slow line, at the moment that a test
/// chooses.
/// </summary>
public sealed class PausedContent(ReadOnlyMemory<byte> bytes, int pauseAt) : HttpContent
{
    private readonly TaskCompletionSource _paused = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _resumed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Done when all before the pause is handed to the network.</summary>
    public Task Paused => _paused.Task;

    /// <summary>Lets the rest go.</summary>
    public void Resume() => _resumed.TrySetResult();

    /// <inheritdoc/>
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    /// <inheritdoc/>
    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(bytes[..pauseAt], cancellationToken);
        await stream.FlushAsync(cancellationToken);
        _paused.TrySetResult();
        await _resumed.Task.WaitAsync(cancellationToken);
        await stream.WriteAsync(bytes[pauseAt..], cancellationToken);
    }

    /// <inheritdoc/>
    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
