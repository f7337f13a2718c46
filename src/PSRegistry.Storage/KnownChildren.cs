using PSRegistry.Storage.Drivers;

namespace PSRegistry.Storage;

/// <summary>The children of a folder as they were read once, and what proves that they are still those. Each reading is an object of its own.</summary>
/// <param name="stamp">The folder's stamp before it was read; null when it proves nothing.</param>
/// <param name="children">The children in byte order.</param>
internal sealed class KnownChildren(FolderStamp? stamp, RepositoryFolder[] children)
{
    private Found? _found;

    /// <summary>The children in byte order.</summary>
    public RepositoryFolder[] Children => children;

    /// <summary>Whether anything can prove them.</summary>
    public bool AreProvable => stamp is not null;

    private FolderStamp? Stamp => stamp;

    /// <summary>Whether the folder's stamp of this moment proves them.</summary>
    public bool AreProvedBy(FolderStamp? now) => stamp is not null && stamp == now;

    /// <summary>Whether both are on the same disk: what is mounted inside, or linked to elsewhere, can be exchanged without a change in the folders that are watched.</summary>
    public bool AreBeside(KnownChildren around) => stamp is not null && around.Stamp?.Device == stamp.Value.Device;

    /// <summary>Whether they prove themselves: the folder has not changed, and it is still the one at its path, because nothing changed around it.</summary>
    public bool AreMarkedIn(KnownChildren? around) => Volatile.Read(ref _found) is { Mark.IsBroken: false } found && found.Around == around;

    /// <summary>
    /// Whether a mark is worth its cost: the folder was found in the same surroundings the last time that a stamp proved this, and has none. Otherwise
    /// keeps where it was found; a mark that is unbroken is that of the stamped folder, and holds there too.
    /// </summary>
    public bool IsWorthMark(KnownChildren around)
    {
        var found = Volatile.Read(ref _found);
        var mark = found?.Mark is { IsBroken: false } unbroken ? unbroken : null;
        if (mark is null && found?.Around == around)
            return true;
        Volatile.Write(ref _found, new Found(around, mark));
        return false;
    }

    /// <summary>Keeps a mark that was made before a stamp proved this once more.</summary>
    public void Keep(IFolderMark mark, KnownChildren around) => Volatile.Write(ref _found, new Found(around, mark));

    /// <summary>Gives the mark up.</summary>
    public void Forget() => Interlocked.Exchange(ref _found, null)?.Mark?.Dispose();

    /// <param name="Around">What was in the folder around it.</param>
    /// <param name="Mark">The folder's mark; null for none.</param>
    private sealed record Found(KnownChildren Around, IFolderMark? Mark);
}
