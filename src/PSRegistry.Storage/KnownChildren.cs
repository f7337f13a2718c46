using PSRegistry.Storage.Drivers;

namespace PSRegistry.Storage;

/// <summary>The children of a folder as they were read once, and what proves that they are still those. Each reading is an object of its own.</summary>
/// <param name="stamp">The folder's stamp before it was read; null when it proves nothing.</param>
/// <param name="children">The children in byte order.</param>
internal sealed class KnownChildren(FolderStamp? stamp, RepositoryFolder[] children)
{
    private Place? _place;

    /// <summary>The children in byte order.</summary>
    public RepositoryFolder[] Children => children;

    /// <summary>Whether anything can prove them.</summary>
    public bool AreProvable => stamp is not null;

    /// <summary>Whether the folder's stamp of this moment proves them.</summary>
    public bool AreProvedBy(FolderStamp? now) => stamp is not null && stamp == now;

    /// <summary>Whether they prove themselves: the folder has not changed, and it is still the one at its path, because nothing changed around it.</summary>
    public bool AreMarkedIn(KnownChildren? around) => Volatile.Read(ref _place) is { Mark.IsBroken: false } place && place.Around == around;

    /// <summary>Keeps what is around the folder, once a stamp has proved this; an unbroken mark is that of the stamped folder, and holds there too.</summary>
    /// <returns>Whether it was there the last time, too, and has no mark: now it is worth one.</returns>
    public bool BeginMark(KnownChildren around)
    {
        var place = Volatile.Read(ref _place);
        var mark = place?.Mark is { IsBroken: false } unbroken ? unbroken : null;
        if (mark is null && place?.Around == around)
            return true;
        Volatile.Write(ref _place, new Place(mark, around));
        return false;
    }

    /// <summary>Keeps a mark that was made before a stamp proved this once more.</summary>
    public void EndMark(IFolderMark mark, KnownChildren around) => Volatile.Write(ref _place, new Place(mark, around));

    /// <summary>Gives the mark up.</summary>
    public void Forget() => Interlocked.Exchange(ref _place, null)?.Mark?.Dispose();

    private sealed record Place(IFolderMark? Mark, KnownChildren Around);
}
