namespace PSRegistry.Storage.Drivers;

/// <summary>What a driver can do besides, where the system lets it: tell by one look at a folder whether its children are those of an earlier look.</summary>
internal interface IStampsFolders
{
    /// <summary>The folder's stamp at this moment; null when there is no such folder, or a stamp would prove nothing here.</summary>
    FolderStamp? Stamp(string folder);
}

/// <summary>
/// Which folder it is, and when a name in it was last added, removed or replaced. The system sets that time at every such change by whatever
/// process, and nobody can set it back.
/// </summary>
/// <param name="Device">The file system.</param>
/// <param name="Inode">The folder on it.</param>
/// <param name="Seconds">The time of the last change, in seconds since 1970 (UTC).</param>
/// <param name="Nanoseconds">The fraction of the second.</param>
internal readonly record struct FolderStamp(ulong Device, ulong Inode, long Seconds, uint Nanoseconds)
{
    /// <summary>The clock that stamps ticks every few milliseconds, and two changes within a tick leave the same stamp.</summary>
    private const long SettledAfterSeconds = 2;

    /// <summary>Whether the last change is so long ago that another one could not have the same stamp.</summary>
    public bool IsSettled => DateTimeOffset.UtcNow.ToUnixTimeSeconds() - Seconds >= SettledAfterSeconds;
}
