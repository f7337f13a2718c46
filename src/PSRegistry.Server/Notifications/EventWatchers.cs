using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace PSRegistry.Server.Notifications;

/// <summary>Those who watch at the moment. One who is slower than the events misses the oldest of those that wait.</summary>
internal sealed class EventWatchers : IDisposable
{
    private const int WaitingAtMost = 10_000;

    private readonly CancellationTokenSource _ended = new();
    private ImmutableArray<Channel<EventRecord>> _watching = [];
    private long _lost;

    public EventWatchers() => Ended = _ended.Token;

    public bool AreAny => !_watching.IsEmpty;

    /// <summary>Events that a slow watcher missed.</summary>
    public long Lost => Interlocked.Read(ref _lost);

    /// <summary>Cancelled when no more events come.</summary>
    public CancellationToken Ended { get; }

    public void Tell(EventRecord record)
    {
        foreach (var watching in _watching)
            watching.Writer.TryWrite(record);
    }

    /// <summary>No more events come.</summary>
    public void End()
    {
        _ended.Cancel();
        foreach (var watching in _watching)
            watching.Writer.TryComplete();
    }

    /// <summary>The events that happen from the call on, not from the first look on.</summary>
    public IAsyncEnumerable<EventRecord> WatchAsync(CancellationToken cancellationToken)
    {
        var channel = Channel.CreateBounded<EventRecord>(
            new BoundedChannelOptions(WaitingAtMost) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true },
            _ => Interlocked.Increment(ref _lost));
        ImmutableInterlocked.Update(ref _watching, watching => watching.Add(channel));
        if (_ended.IsCancellationRequested)
            channel.Writer.TryComplete();
        return ReadAsync(channel, cancellationToken);
    }

    public void Dispose() => _ended.Dispose();

    private async IAsyncEnumerable<EventRecord> ReadAsync(Channel<EventRecord> channel, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var record in channel.Reader.ReadAllAsync(cancellationToken))
                yield return record;
        }
        finally
        {
            ImmutableInterlocked.Update(ref _watching, watching => watching.Remove(channel));
        }
    }
}
