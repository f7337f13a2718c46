using PSRegistry.Storage.Drivers;

namespace PSRegistry.Storage;

/// <summary>
/// Lists that are asked for again and again, each with the proof that it is still what is on the disk. Nothing is remembered
/// where the driver cannot prove it, and nothing that changes between two questions: watching costs more than reading.
/// </summary>
internal sealed class ListMemory<T>(IStorageDriver driver, CacheCounts? counts = null)
    where T : class
{
    private const int ListsAtMost = 1024;

    /// <summary>How long a list that could not be watched is not tried again: twice as long each time, for trying reads as much as there is room for.</summary>
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMinutes(1), LongestPause = TimeSpan.FromHours(1);

    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    /// <summary>Reads the whole list, having added every folder to the watch before it is looked at; null when one could not be.</summary>
    public delegate ValueTask<T?> Reader(IFolderWatch watch, CancellationToken cancellationToken);

    /// <summary>The list as it is now; null when the caller has to read it.</summary>
    /// <param name="top">The folder that holds all of it.</param>
    /// <param name="read">Reads it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask<T?> FindAsync(string top, Reader read, CancellationToken cancellationToken)
    {
        if (driver is not IWatchesFolders folders)
            return null;
        var entry = Enter(top);
        var isKnown = entry.TryGet(out var list);
        counts?.Add(isKnown);
        if (isKnown)
            return list;
        if (!entry.TryBegin(out var reading))
        {
            if (reading is null)
                return null;
            // Of all who ask while it is read one reads; what is proven afterwards holds for those who came in between as well.
            await reading.WaitAsync(cancellationToken);
            return entry.TryGet(out list) ? list : null;
        }
        IFolderWatch? watch = null;
        var isRead = false;
        try
        {
            watch = folders.Watch(top);
            list = watch is null ? null : await read(watch, cancellationToken);
            isRead = true;
        }
        finally
        {
            if (!entry.Keep(watch, list, isRead))
                ForgetAll();
        }
        return list;
    }

    private Entry Enter(string top)
    {
        lock (_entries)
        {
            if (_entries.TryGetValue(top, out var entry))
                return entry;
            if (_entries.Count >= ListsAtMost)
                ForgetAll();
            _entries.Add(top, entry = new Entry());
            return entry;
        }
    }

    /// <summary>There is no room for more: those that are asked for will be back.</summary>
    private void ForgetAll()
    {
        lock (_entries)
        {
            var isFull = _entries.Count >= ListsAtMost;
            foreach (var (top, entry) in _entries)
            {
                entry.Forget();
                if (isFull && !entry.IsBeingRead)
                    _entries.Remove(top);
            }
        }
    }

    private sealed class Entry
    {
        private IFolderWatch? _watch;
        private T? _list;
        private TaskCompletionSource? _reading;
        private bool _asked;
        private TimeSpan _pause = ShortestPause;
        private long _notBefore;

        public bool IsBeingRead
        {
            get
            {
                lock (this)
                    return _reading is not null;
            }
        }

        public bool TryGet(out T? list)
        {
            lock (this)
            {
                list = _list;
                if (list is null || _watch!.IsUnchanged())
                    return list is not null;
                Forget();
                list = null;
                return false;
            }
        }

        /// <summary>True for one caller, and only the second time that the list is asked for since it last changed.</summary>
        /// <param name="reading">Ends when another caller, who is reading it, has read it.</param>
        public bool TryBegin(out Task? reading)
        {
            lock (this)
            {
                reading = _reading?.Task;
                var may = _asked && reading is null && Environment.TickCount64 >= _notBefore;
                _asked = true;
                if (may)
                    _reading = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                return may;
            }
        }

        /// <summary>False when there is no room to watch it.</summary>
        public bool Keep(IFolderWatch? watch, T? list, bool isRead)
        {
            lock (this)
            {
                _list = list;
                _watch = watch;
                _reading!.SetResult();
                _reading = null;
                if (list is not null)
                {
                    _pause = ShortestPause;
                    return true;
                }
                Forget();
                if (!isRead)
                {
                    // Whoever gave up says nothing about the list: the next may read it.
                    _asked = true;
                    return true;
                }
                _notBefore = Environment.TickCount64 + (long)_pause.TotalMilliseconds;
                _pause = TimeSpan.FromTicks(Math.Min(_pause.Ticks * 2, LongestPause.Ticks));
                return watch is null;
            }
        }

        public void Forget()
        {
            lock (this)
            {
                _watch?.Dispose();
                _watch = null;
                _list = null;
                _asked = false;
            }
        }
    }
}
