namespace PSRegistry.Server.Notifications;

/// <summary>Events in the order in which they happened, kept for those who have not heard yet. Each has a number, one more than the one before.</summary>
internal interface IOutbox : IAsyncDisposable
{
    /// <summary>The number that the next event gets.</summary>
    long End { get; }

    /// <summary>Where each reader is, for as long as the events are kept.</summary>
    OutboxPositions Positions { get; }

    /// <summary>Adds an event, as a line.</summary>
    /// <param name="line">The event, with its line end.</param>
    /// <param name="durable">Whether the task ends when the event is on disk, rather than at once.</param>
    Task AppendAsync(ReadOnlyMemory<byte> line, bool durable);

    /// <summary>Some events behind the cursor, and none when it has reached the end. What was dropped is passed over: the cursor tells.</summary>
    IReadOnlyList<ReadOnlyMemory<byte>> Read(OutboxCursor cursor);

    /// <summary>The number of the first event that is not older than this.</summary>
    long Find(DateTimeOffset since);

    /// <summary>Waits until there is an event with this number.</summary>
    Task WaitAsync(long number, CancellationToken cancellationToken);
}
