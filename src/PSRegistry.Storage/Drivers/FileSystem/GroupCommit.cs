namespace PSRegistry.Storage.Drivers;

/// <summary>
/// Makes the changes of many requests durable together, on Linux:
/// <code>
///  requests:  write files aside ─┐             ┌─ answer
///  round n:                      └ syncfs, rename
///  round n+1:                                syncfs ┘
/// </code>
/// A rename follows the flush of its file, and an answer follows the flush of its rename; one flush of the file system serves
/// the files of this round and the renames of the last. A pushed blob takes seven flushes of its own otherwise: 32 clients at once
/// made 1,000 blobs a second so, and several thousand in groups.
/// </summary>
internal sealed class GroupCommit
{
    /// <summary>
    /// The flush takes in what others write to the same file system. When that makes it slow, files are flushed one by one for
    /// a while, which takes in only ours.
    /// </summary>
    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(100), Pause = TimeSpan.FromSeconds(1);

    /// <summary>ext4, XFS, Btrfs: their journals keep renames in order.</summary>
    private static readonly long[] Journaled = [0xEF53, 0x58465342, 0x9123683E];

    private readonly Lock _gate = new();
    private readonly int _root;
    private List<Change> _waiting = [];
    private bool _running;
    private long _notBefore;

    private GroupCommit(int root) => _root = root;

    ~GroupCommit() => LinuxCalls.Close(_root);

    /// <summary>Whether files flushed one by one would be slower at this moment.</summary>
    public bool IsQuick => Environment.TickCount64 >= Volatile.Read(ref _notBefore);

    /// <summary>For the file system below <paramref name="root"/>; null where it would not hold: before Linux 5.8 a failed write was not told.</summary>
    public static GroupCommit? TryOpen(string root)
    {
        if (!LinuxCalls.AreSupported || Environment.OSVersion.Version < new Version(5, 8) || !Journaled.Contains(LinuxCalls.FileSystemType(root) & 0xFFFFFFFF))
            return null;
        var descriptor = LinuxCalls.Open(root, LinuxCalls.ReadOnly | LinuxCalls.CloseOnExec);
        return descriptor < 0 ? null : new GroupCommit(descriptor);
    }

    /// <summary>
    /// Runs <paramref name="write"/>, then <paramref name="publish"/> once what that wrote is on the disk; returns when what both did is
    /// there. Both run on the one thread of the group: from many threads they fought for the locks of the same folders.
    /// </summary>
    public Task PublishAsync(Action write, Action publish)
    {
        var change = new Change(write, publish);
        lock (_gate)
        {
            _waiting.Add(change);
            if (_running)
                return change.Done.Task;
            _running = true;
        }
        ThreadPool.UnsafeQueueUserWorkItem(static group => group.Run(), this, preferLocal: false);
        return change.Done.Task;
    }

    private void Run()
    {
        List<Change> renamed = [];
        while (true)
        {
            List<Change> written;
            lock (_gate)
            {
                (written, _waiting) = (_waiting, []);
                _running = written.Count + renamed.Count > 0;
                if (!_running)
                    return;
            }
            written.RemoveAll(static change => !change.TryWrite());
            if (Flush() is { } fault)
            {
                foreach (var lost in renamed.Concat(written))
                    lost.Done.SetException(fault);
                renamed = [];
                continue;
            }
            foreach (var change in renamed)
                change.Done.SetResult();
            renamed = written;
            renamed.RemoveAll(static change => !change.TryPublish());
        }
    }

    private IOException? Flush()
    {
        var began = Environment.TickCount64;
        var error = LinuxCalls.FlushFileSystem(_root);
        var ended = Environment.TickCount64;
        if (ended - began > Slow.TotalMilliseconds)
            Volatile.Write(ref _notBefore, ended + (long)Pause.TotalMilliseconds);
        return error == 0 ? null : new IOException($"The file system of the data folder could not be flushed (error {error}).", error);
    }

    private sealed class Change(Action write, Action publish)
    {
        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool TryWrite() => Try(write);

        public bool TryPublish() => Try(publish);

        private bool Try(Action action)
        {
            try
            {
                action();
                return true;
            }
            catch (Exception fault)
            {
                Done.SetException(fault);
                return false;
            }
        }
    }
}
