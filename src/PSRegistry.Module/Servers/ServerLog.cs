using System.Runtime.CompilerServices;
using PSRegistry.Hosting;

namespace PSRegistry.Servers;

/// <summary>The log of a server that runs in a shell: the newest records are kept for whoever asks, and however often; older ones are let go.</summary>
internal sealed class ServerLog
{
    private const int KeptRecords = 4096;

    private readonly Lock _gate = new();
    private readonly ServerLogRecord[] _records = new ServerLogRecord[KeptRecords];
    private TaskCompletionSource _more = NewSignal();
    private long _count;
    private bool _isComplete;

    /// <summary>Takes a record; never waits.</summary>
    public void Write(ServerLogRecord record)
    {
        lock (_gate)
        {
            _records[_count++ % KeptRecords] = record;
            _more.TrySetResult();
            _more = NewSignal();
        }
    }

    /// <summary>No more records come.</summary>
    public void Complete()
    {
        lock (_gate)
        {
            _isComplete = true;
            _more.TrySetResult();
        }
    }

    /// <summary>The records that are kept.</summary>
    /// <param name="atMost">Only the newest of them.</param>
    public IReadOnlyList<ServerLogRecord> Newest(int atMost = KeptRecords)
    {
        lock (_gate)
            return Since(Math.Max(0, _count - atMost), out _);
    }

    /// <summary>The records that are kept and those that come, until the server is gone or <paramref name="stop"/> says so.</summary>
    /// <param name="atMost">Only the newest of those that are kept.</param>
    /// <param name="stop">Ends the waiting; what is there is still handed out.</param>
    public async IAsyncEnumerable<ServerLogRecord> FollowAsync(int atMost = KeptRecords, [EnumeratorCancellation] CancellationToken stop = default)
    {
        long next;
        lock (_gate)
            next = Math.Max(0, _count - atMost);
        while (true)
        {
            List<ServerLogRecord> records;
            Task more;
            bool isComplete;
            lock (_gate)
            {
                records = Since(next, out next);
                more = _more.Task;
                isComplete = _isComplete;
            }
            foreach (var record in records)
                yield return record;
            if (records.Count > 0)
                continue;
            if (isComplete)
                yield break;
            await more.WaitAsync(stop);
        }
    }

    /// <summary>Called under the gate.</summary>
    private List<ServerLogRecord> Since(long first, out long next)
    {
        next = _count;
        var records = new List<ServerLogRecord>();
        for (var i = Math.Max(first, _count - KeptRecords); i < _count; i++)
            records.Add(_records[i % KeptRecords]);
        return records;
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
