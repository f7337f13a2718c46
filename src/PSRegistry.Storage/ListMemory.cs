using PSRegistry.Storage.Drivers;

namespace PSRegistry.Storage;

/// <summary>
/// Lists that are asked for again and again, each with the proof that it is still what is on the disk. Nothing is remembered
/// where the driver cannot prove it, and nothing that changes between two questions: watching costs more than reading.
/// </summary>
internal sealed class ListMemory<T>(IStorageDriver driver)
    where T : class
{
    private const int ListsAtMost = 1024;

    /// <summary>How long a list that could not be watched is not tried again.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

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
        if (entry.TryGet(out var list) || !entry.MayRead())
            return list;
        IFolderWatch? watch = null;
        try
        {
            watch = folders.Watch(top);
            list = watch is null ? null : await read(watch, cancellationToken);
        }
        finally
        {
            if (!entry.Keep(watch, list))
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
            foreach (var entry in _entries.Values)
                entry.Forget();
            if (_entries.Count >= ListsAtMost)
                _entries.Clear();
        }
    }

    private sealed class Entry
    {
        private IFolderWatch? _watch;
        private T? _list;
        private bool _asked, _reading;
        private long _notBefore;

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
        public bool MayRead()
        {
            lock (this)
            {
                var may = _asked && !_reading && Environment.TickCount64 >= _notBefore;
                _asked = true;
                _reading |= may;
                return may;
            }
        }

        public bool Keep(IFolderWatch? watch, T? list)
        {
            lock (this)
            {
                _reading = false;
                _list = list;
                _watch = watch;
                if (list is not null)
                    return true;
                Forget();
                _notBefore = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
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
