namespace PSRegistry.Storage.Drivers;

/// <summary>What a driver can do besides, where the system lets it: prove that folders were not changed by anyone.</summary>
internal interface IWatchesFolders
{
    /// <summary>Begins to watch; null when nothing can be proved here.</summary>
    /// <param name="top">The folder that holds all those that will be added.</param>
    IFolderWatch? Watch(string top);

    /// <summary>Marks one folder; null when there is none, or no room for more marks.</summary>
    IFolderMark? Mark(string folder);

    /// <summary>Takes all marks away.</summary>
    void ForgetMarks();

    /// <summary>Breaks the marks of all folders that changed before this moment.</summary>
    void HearOfChanges();
}

/// <summary>A folder being watched, wherever it may be moved: the way to it is for others to watch.</summary>
internal interface IFolderMark : IDisposable
{
    /// <summary>Whether a name in the folder has changed since it was marked, as far as was heard. Costs nothing to ask.</summary>
    bool IsBroken { get; }
}

/// <summary>Folders being watched as one.</summary>
internal interface IFolderWatch : IDisposable
{
    /// <summary>Adds a folder, before it is read; false when it cannot be watched.</summary>
    bool TryAdd(string folder);

    /// <summary>Whether no name in the folders and none of the files directly in them changed since they were added.</summary>
    bool IsUnchanged();
}
