namespace PSRegistry.Storage.Drivers;

/// <summary>Several folders watched as one: they are unchanged, or it is broken for good.</summary>
internal sealed class FolderWatch : IFolderWatch, IWatchOwner
{
    private readonly FolderWatcher _watcher;
    private readonly FileSystemPaths _paths;
    private readonly string _top;
    private readonly (ulong Device, ulong Inode)? _identity;
    private readonly List<int> _numbers = [];

    /// <summary>Watches nothing yet.</summary>
    /// <param name="watcher">Hears of changes.</param>
    /// <param name="paths">The data folder.</param>
    /// <param name="top">The folder that holds all others.</param>
    public FolderWatch(FolderWatcher watcher, FileSystemPaths paths, string top)
    {
        _watcher = watcher;
        _paths = paths;
        _top = paths.ToFull(top);
        _identity = LinuxCalls.Look(_top)?.Identity;
        IsBroken = _identity is null;
    }

    /// <summary>Set under the watcher's lock, never unset.</summary>
    public bool IsBroken { get; private set; }

    public bool TryAdd(string folder)
    {
        if (!_watcher.TryAdd(this, _paths.ToFull(folder), out var number))
            return false;
        _numbers.Add(number);
        return true;
    }

    /// <summary>Besides the folders themselves, the path to them must still lead there: someone may have moved one above.</summary>
    public bool IsUnchanged() => _watcher.IsUnchanged(this) && LinuxCalls.Look(_top)?.Identity == _identity;

    public void Break() => IsBroken = true;

    public void Dispose() => _watcher.Remove(this, _numbers);
}
