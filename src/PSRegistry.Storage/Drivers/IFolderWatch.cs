namespace PSRegistry.Storage.Drivers;

/// <summary>What a driver can do besides, where the system lets it: prove that folders were not changed by anyone.</summary>
internal interface IWatchesFolders
{
    /// <summary>Begins to watch; null when nothing can be proved here.</summary>
    /// <param name="top">The folder that holds all those that will be added.</param>
    IFolderWatch? Watch(string top);
}

/// <summary>Folders being watched as one.</summary>
internal interface IFolderWatch : IDisposable
{
    /// <summary>Adds a folder, before it is read; false when it cannot be watched.</summary>
    bool TryAdd(string folder);

    /// <summary>Whether no name in the folders and none of the files directly in them changed since they were added.</summary>
    bool IsUnchanged();
}
