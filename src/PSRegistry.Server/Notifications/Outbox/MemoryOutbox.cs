namespace PSRegistry.Server.Notifications;

/// <summary>An outbox that ends with the process: the newest events up to a bound.</summary>
internal sealed class MemoryOutbox : IOutbox
{
    private const long KeptBytes = 16 << 20;

    /// <summary>How many events are handed out at a time.</summary>
    private const int Batch = 100;

    private readonly Lock _gate = new();
    private readonly Queue<ReadOnlyMemory<byte>> _lines = new();
    private long _bytes;
    private long _end;
    private TaskCompletionSource _more = NewSignal();

    public long End => Volatile.Read(ref _end);

    public OutboxPositions Positions { get; } = new(null);

    public Task AppendAsync(ReadOnlyMemory<byte> line, bool durable)
    {
        TaskCompletionSource before;
        lock (_gate)
        {
            _lines.Enqueue(line);
            for (_bytes += line.Length; _bytes > KeptBytes && _lines.Count > 1;)
                _bytes -= _lines.Dequeue().Length;
            Volatile.Write(ref _end, _end + 1);
            (before, _more) = (_more, NewSignal());
        }
        before.TrySetResult();
        return Task.CompletedTask;
    }

    public IReadOnlyList<ReadOnlyMemory<byte>> Read(OutboxCursor cursor)
    {
        if (cursor.Next >= End)
            return [];
        lock (_gate)
        {
            var first = _end - _lines.Count;
            if (cursor.Next < first)
                cursor.SkipTo(first);
            ReadOnlyMemory<byte>[] lines = [.. _lines.Skip((int)(cursor.Next - first)).Take(Batch)];
            cursor.Next += lines.Length;
            return lines;
        }
    }

    public long Find(DateTimeOffset since)
    {
        lock (_gate)
        {
            var number = _end - _lines.Count;
            foreach (var line in _lines)
            {
                if (EventJson.TryRead(line, out var record) && record.Time >= since)
                    return number;
                number++;
            }
            return number;
        }
    }

    public async Task WaitAsync(long number, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task more;
            lock (_gate)
            {
                if (number < _end)
                    return;
                more = _more.Task;
            }
            await more.WaitAsync(cancellationToken);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
