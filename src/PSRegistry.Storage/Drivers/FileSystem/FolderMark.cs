namespace PSRegistry.Storage.Drivers;

/// <summary>One folder watched by itself: it is unchanged, or the mark is broken for good.</summary>
internal sealed class FolderMark(FolderWatcher watcher) : IFolderMark, IWatchOwner
{
    private volatile bool _isBroken;

    public bool IsBroken => _isBroken;

    /// <summary>The kernel's number of the folder; set under the watcher's lock.</summary>
    public int Number { get; set; }

    public void Break() => _isBroken = true;

    public void Dispose() => watcher.Remove(this, [Number]);
}
