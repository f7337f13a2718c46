namespace PSRegistry.Storage.Drivers;

/// <summary>
/// Makes the changes of many requests durable together, on Linux. One flush of the file system serves the files of this round and
/// the renames of the last:
/// <code>
///              round n                      round n+1                    round n+2
///  A:  write aside ┐    ┌ rename ─────────────────────┐    ┌ answer A
///                  ├flush┤                            ├flush┤
///  B:              ·    ·            write aside ─────┘    └ rename ──────────────┐    ┌ answer B
///                                                                                 ├flush┤
/// </code>
/// Why an answer holds, wherever the power is cut or the process is killed:
/// <list type="bullet">
/// <item>before the first flush ended, nothing has its name yet: what is left is a .tmp, or an upload as it was before.</item>
/// <item>between, a name may or may not be on the disk, but what it names is: the rename came after a flush without error. The renames of a
/// request reach the disk in their order, because the journal keeps it: no tag comes before its manifest.</item>
/// <item>after the second flush, all is there: it began after the last rename. Only now the request is answered.</item>
/// <item>a flush that fails fails everyone it was for: those who wrote lose their files, those who renamed keep names of whole files, and both are
/// told. The descriptor is open from the start, so that an error is seen also when the system wrote behind our back.</item>
/// <item>nobody can leave a round: whoever hangs up gets all of it stored.</item>
/// </list>
/// A pushed blob takes seven flushes of its own otherwise: 32 clients at once made 1,000 blobs a second so, and several thousand in groups.
/// </summary>
internal sealed class GroupCommit
{
    /// <summary>
    /// The flush takes in what others write to the same file system. When that makes it slow, files are flushed one by one for
    /// a while, which takes in only ours.
    /// </summary>
    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(100), Pause = TimeSpan.FromSeconds(1);

    /// <summary>Since 5.8 syncfs(2) tells of files that could not be written, but only since 5.17 of a journal that could not.</summary>
    private static readonly Version FirstHonest = new(5, 17);

    private readonly Lock _gate = new();
    private readonly int _root;
    private readonly ulong _device;
    private readonly Func<int, int> _flush;
    private readonly long _openedAt = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
    private List<Change> _waiting = [];
    private bool _running;
    private volatile bool _hasFailed;
    private long _notBefore;

    private GroupCommit(int root, ulong device, Func<int, int> flush)
    {
        _root = root;
        _device = device;
        _flush = flush;
    }

    ~GroupCommit() => LinuxCalls.Close(_root);

    /// <summary>Whether files flushed one by one would be slower at this moment.</summary>
    public bool IsQuick => Environment.TickCount64 >= Volatile.Read(ref _notBefore);

    /// <summary>
    /// Whether a flush failed in this process: what it was for reads as it was written, but need not be on the disk, and no later flush tells.
    /// </summary>
    public bool HasFailed => _hasFailed;

    /// <summary>Whether a file was written since this began to hear of what cannot be written.</summary>
    public bool HeardOf(in FileLook file) => file.ChangedAt > _openedAt;

    /// <summary>For the file system below <paramref name="root"/>; null where the argument above does not hold.</summary>
    /// <param name="root">The data folder.</param>
    /// <param name="flush">Flushes the file system of a descriptor and gives the system's error number, 0 for none; null for the system's call.</param>
    public static GroupCommit? TryOpen(string root, Func<int, int>? flush = null)
    {
        if (!LinuxCalls.AreSupported || Environment.OSVersion.Version < FirstHonest || !IsJournaled(LinuxCalls.FileSystemType(root)))
            return null;
        var descriptor = LinuxCalls.Open(root, LinuxCalls.ReadOnly | LinuxCalls.CloseOnExec);
        if (descriptor < 0)
            return null;
        if (LinuxCalls.Look(root) is { } look)
            return new GroupCommit(descriptor, look.Identity.Device, flush ?? LinuxCalls.FlushFileSystem);
        LinuxCalls.Close(descriptor);
        return null;
    }

    /// <summary>Whether the flush takes in a folder: another disk may be mounted, or linked to, inside the data folder.</summary>
    public bool Covers(string folder) => LinuxCalls.Look(folder) is not { } look || Covers(look);

    /// <summary>Whether the flush takes in what is at a path, wherever a symbolic link there leads.</summary>
    public bool Covers(in FileLook look) => look.Identity.Device == _device;

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

    /// <summary>
    /// The root is flushed besides, which has nothing left to write: ext4 from Linux 6.6 to 6.14 answers syncfs(2) with success after it
    /// gave up its journal, but never fsync(2).
    /// </summary>
    private IOException? Flush()
    {
        var began = Environment.TickCount64;
        var error = _flush(_root);
        if (error == 0)
            error = LinuxCalls.Flush(_root);
        var ended = Environment.TickCount64;
        if (ended - began > Slow.TotalMilliseconds)
            Volatile.Write(ref _notBefore, ended + (long)Pause.TotalMilliseconds);
        if (error == 0)
            return null;
        _hasFailed = true;
        return new IOException($"The file system of the data folder could not be flushed (error {error}).", error);
    }

    /// <summary>
    /// ext4, XFS, Btrfs: their journals keep renames in order. ext2 and an ext4 without a journal have the number of ext4 and are not told
    /// apart: after a power cut renames that were not answered yet may be on the disk out of their order there, beside whatever else such
    /// a file system has to be checked for. What was answered was flushed, and a killed process loses nothing.
    /// </summary>
    private static bool IsJournaled(uint type) => type is 0xEF53 or 0x58465342 or 0x9123683E;

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
