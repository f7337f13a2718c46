using PSRegistry.Oci;

namespace PSRegistry.Storage;

/// <summary>
/// Who holds which upload, and the hash of what it has received. The state of a hash cannot be written down, so it waits here
/// for the next request; after a restart, or when too many wait, the bytes are read again instead.
/// </summary>
internal sealed class UploadLeases
{
    /// <summary>Waiting hashes cost about a kilobyte each.</summary>
    private const int WaitingHashes = 1024;

    /// <summary>Whoever sends slowly keeps a buffer of the server meanwhile, of 128 KiB at most.</summary>
    private const int WaitInMemory = 256;

    /// <summary>About 200 bytes each.</summary>
    private const int KnownToHaveEnded = 4096;

    private readonly Dictionary<UploadId, Entry> _entries = [];
    private readonly LinkedList<UploadId> _byAge = new();
    private readonly Dictionary<UploadId, WaitingHash> _hashes = [];
    private readonly HashSet<UploadId> _ended = [];
    private readonly Queue<UploadId> _endedByAge = new();
    private int _waitInMemory;

    /// <summary>Waits until nobody holds the upload, and holds it.</summary>
    public async ValueTask<UploadLease> TakeAsync(UploadId id, CancellationToken cancellationToken)
    {
        var entry = Join(id);
        try
        {
            await entry.Gate.WaitAsync(cancellationToken);
            return new UploadLease(this, id);
        }
        catch
        {
            Leave(id, held: false);
            throw;
        }
    }

    /// <summary>Holds the upload when nobody does; null when somebody does.</summary>
    public UploadLease? TryTake(UploadId id)
    {
        var entry = Join(id);
        if (entry.Gate.Wait(0))
            return new UploadLease(this, id);
        Leave(id, held: false);
        return null;
    }

    /// <summary>Uploads that somebody holds, and others that were begun here and wait for their next request.</summary>
    public (int Held, int Waiting) Count()
    {
        lock (_entries)
            return (_entries.Count, _hashes.Keys.Count(id => !_entries.ContainsKey(id)));
    }

    /// <summary>Takes a place among those that wait without writing, to be given back when the wait is over; false when too many wait.</summary>
    public bool TryWaitInMemory()
    {
        if (Interlocked.Increment(ref _waitInMemory) <= WaitInMemory)
            return true;
        EndWaitInMemory();
        return false;
    }

    public void EndWaitInMemory() => Interlocked.Decrement(ref _waitInMemory);

    /// <summary>Lets hashes go that have waited since before a moment: what they belong to is purged.</summary>
    public void ForgetHashes(DateTimeOffset olderThan)
    {
        lock (_entries)
        {
            while (_byAge.First is { } oldest && _hashes[oldest.Value].Since < olderThan)
                TakeHash(oldest.Value)?.Dispose();
        }
    }

    /// <summary>Whether the upload was seen to end here, not long ago.</summary>
    public bool HasEnded(UploadId id)
    {
        lock (_entries)
            return _ended.Contains(id);
    }

    internal void End(UploadId id)
    {
        lock (_entries)
        {
            if (!_ended.Add(id))
                return;
            _endedByAge.Enqueue(id);
            if (_endedByAge.Count > KnownToHaveEnded)
                _ended.Remove(_endedByAge.Dequeue());
        }
    }

    internal RunningHash? TakeHash(UploadId id)
    {
        lock (_entries)
        {
            if (!_hashes.Remove(id, out var waiting))
                return null;
            _byAge.Remove(waiting.Place);
            return waiting.Hash;
        }
    }

    internal void KeepHash(UploadId id, RunningHash hash)
    {
        lock (_entries)
        {
            _hashes[id] = new WaitingHash(hash, _byAge.AddLast(id), DateTimeOffset.UtcNow);
            if (_hashes.Count <= WaitingHashes)
                return;
            var oldest = _byAge.First!.Value;
            _byAge.RemoveFirst();
            if (_hashes.Remove(oldest, out var forgotten))
                forgotten.Hash.Dispose();
        }
    }

    internal void Leave(UploadId id, bool held = true)
    {
        lock (_entries)
        {
            var entry = _entries[id];
            if (held)
                entry.Gate.Release();
            if (--entry.Users > 0)
                return;
            _entries.Remove(id);
            entry.Gate.Dispose();
        }
    }

    private Entry Join(UploadId id)
    {
        lock (_entries)
        {
            if (!_entries.TryGetValue(id, out var entry))
                _entries.Add(id, entry = new Entry());
            entry.Users++;
            return entry;
        }
    }

    private sealed record WaitingHash(RunningHash Hash, LinkedListNode<UploadId> Place, DateTimeOffset Since);

    private sealed class Entry
    {
        public SemaphoreSlim Gate { get; } = new(1, 1);

        public int Users { get; set; }
    }
}
