using System.Buffers.Binary;

namespace PSRegistry.Storage.Drivers;

/// <summary>
/// Proves that folders are as they were, on local file systems of Linux, by inotify: the kernel queues every change in them, by
/// whatever process, before the call that makes it returns, so that an empty queue is proof. Measured: a look at the links of
/// 1,000 tags takes 1,000 system calls and 1.5 ms, the proof that none changed takes two calls and 1 us.
/// </summary>
internal sealed class FolderWatcher : IDisposable
{
    /// <summary>Each costs about a kilobyte of the kernel's memory.</summary>
    private const int FoldersAtMost = 64 * 1024;

    /// <summary>Of what the system allows a user, who may have other programs that watch folders.</summary>
    private const int ShareOfLimit = 4;

    private const string Limit = "/proc/sys/fs/inotify/max_user_watches";

    // Anything that adds, removes, replaces, truncates or renames; for one change only, so that the queue cannot grow by more.
    private const uint Modified = 0x2, MovedFrom = 0x40, MovedTo = 0x80, Created = 0x100, Deleted = 0x200, DeletedSelf = 0x400, MovedSelf = 0x800;
    private const uint OnlyFolders = 0x01000000, Once = 0x80000000;
    private const uint Events = Modified | MovedFrom | MovedTo | Created | Deleted | DeletedSelf | MovedSelf | OnlyFolders | Once;
    private const uint Overflowed = 0x4000, Ignored = 0x8000;
    private const int EventHeader = 16;

    /// <summary>The kernel keeps 16,384 events by default.</summary>
    private const int ReadQueueEvery = 4096;

    private readonly Lock _gate = new();
    private readonly int _queue;
    private readonly byte[] _buffer = new byte[16 * 1024];
    private readonly Dictionary<int, IWatchOwner> _owners = [];
    private readonly int _foldersAtMost;
    private int _marks;
    private int _givenUp;
    private bool _overflowed;
    private bool _disposed;

    private FolderWatcher(int queue)
    {
        _queue = queue;
        _foldersAtMost = int.TryParse(File.Exists(Limit) ? File.ReadAllText(Limit) : "", out var limit) ? Math.Min(FoldersAtMost, limit / ShareOfLimit) : 0;
    }

    ~FolderWatcher() => Dispose();

    /// <summary>How many folders are marked.</summary>
    public int Marks
    {
        get
        {
            lock (_gate)
                return _marks;
        }
    }

    /// <summary>A watcher for folders below <paramref name="root"/>; null where nothing could be proved.</summary>
    public static FolderWatcher? TryOpen(string root)
    {
        if (!LocalFileSystem.Holds(root))
            return null;
        var queue = LinuxCalls.OpenChanges();
        return queue < 0 ? null : new FolderWatcher(queue);
    }

    /// <summary>Adds a folder to a watch; false when there is no such folder or no room for more.</summary>
    public bool TryAdd(FolderWatch watch, string folder, out int number)
    {
        lock (_gate)
            return TryOwn(watch, folder, out number);
    }

    /// <summary>Marks one folder; null when there is no such folder or no room for more: half of it is for lists that are watched as a whole.</summary>
    public FolderMark? Mark(string folder)
    {
        lock (_gate)
        {
            if (_marks >= _foldersAtMost / 2)
                return null;
            var mark = new FolderMark(this);
            if (!TryOwn(mark, folder, out var number))
                return null;
            mark.Number = number;
            _marks++;
            return mark;
        }
    }

    /// <summary>Takes all marks away.</summary>
    public void ForgetMarks()
    {
        lock (_gate)
            DropMarks();
    }

    /// <summary>Breaks what watches folders that changed before this moment.</summary>
    public void Hear()
    {
        lock (_gate)
            ReadQueue();
    }

    /// <summary>Whether nothing in the folders of the watch changed since they were added.</summary>
    public bool IsUnchanged(FolderWatch watch)
    {
        lock (_gate)
        {
            if (_disposed)
                return false;
            ReadQueue();
            return !watch.IsBroken;
        }
    }

    /// <summary>Gives the folders of a watch up.</summary>
    public void Remove(IWatchOwner watch, IReadOnlyList<int> numbers)
    {
        lock (_gate)
        {
            watch.Break();
            foreach (var number in numbers)
            {
                if (_owners.TryGetValue(number, out var owner) && owner == watch)
                    GiveUp(number, owner);
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            _disposed = true;
            LinuxCalls.Close(_queue);
        }
        GC.SuppressFinalize(this);
    }

    private bool TryOwn(IWatchOwner owner, string folder, out int number)
    {
        number = -1;
        if (_disposed || _owners.Count >= _foldersAtMost)
            return false;
        number = LinuxCalls.WatchFolder(_queue, folder, Events);
        if (number < 0)
            return false;
        // The kernel has one watch for each folder: who watched it before can no longer be told. A list that is watched as a whole is worth more than a mark.
        if (_owners.TryGetValue(number, out var other) && other != owner)
        {
            if (owner is FolderMark && other is FolderWatch { IsBroken: false })
                return false;
            other.Break();
            Disown(number, other);
        }
        _owners[number] = owner;
        return true;
    }

    private void Disown(int number, IWatchOwner owner)
    {
        if (_owners.Remove(number) && owner is FolderMark)
            _marks--;
    }

    private void ReadQueue()
    {
        if (_disposed)
            return;
        while (LinuxCalls.Read(_queue, _buffer) is var length and > 0)
            Tell(_buffer.AsSpan(0, length));
        if (!_overflowed)
            return;
        // What the kernel has let go of was among what is lost, so that nothing would ever take these out.
        _overflowed = false;
        DropMarks();
    }

    private void DropMarks()
    {
        foreach (var (number, owner) in _owners.Where(static entry => entry.Value is FolderMark).ToList())
        {
            owner.Break();
            GiveUp(number, owner);
        }
    }

    /// <summary>The system tells of each one that is given up, too, and its queue has room for some.</summary>
    private void GiveUp(int number, IWatchOwner owner)
    {
        if (_disposed)
            return;
        Disown(number, owner);
        LinuxCalls.ForgetFolder(_queue, number);
        if (++_givenUp % ReadQueueEvery == 0)
            ReadQueue();
    }

    private void Tell(ReadOnlySpan<byte> events)
    {
        while (events.Length >= EventHeader)
        {
            var number = BinaryPrimitives.ReadInt32LittleEndian(events);
            var kind = BinaryPrimitives.ReadUInt32LittleEndian(events[4..]);
            var nameLength = BinaryPrimitives.ReadInt32LittleEndian(events[12..]);
            events = events[(EventHeader + nameLength)..];
            if ((kind & Overflowed) != 0)
            {
                _overflowed = true;
                foreach (var watch in _owners.Values)
                    watch.Break();
            }
            else if (_owners.TryGetValue(number, out var owner))
            {
                owner.Break();
                if ((kind & Ignored) != 0)
                    Disown(number, owner);
            }
        }
    }
}

/// <summary>Who is told when a watched folder changes.</summary>
internal interface IWatchOwner
{
    /// <summary>A folder changed, or may have.</summary>
    void Break();
}
