using PSRegistry.Oci;
using PSRegistry.Storage.Drivers;

namespace PSRegistry.Storage;

/// <summary>
/// The folders of the repositories. Where the driver can stamp them, the children of each that was read are kept, and one look proves that they are
/// still those: a page of 1,000 repositories takes as many looks, and reads neither their folders nor that of a store with 100,000 of them. Those
/// that are asked for again are marked as far as there is room, and then prove themselves: a page takes one look, at the top.
/// </summary>
internal sealed class RepositoryTree(IStorageDriver driver)
{
    /// <summary>Each takes about 350 bytes.</summary>
    private const int FoldersAtMost = 256 * 1024;

    private readonly IStampsFolders? _stamps = driver as IStampsFolders;
    private readonly IWatchesFolders? _watches = driver as IWatchesFolders;
    private RepositoryFolder _top = NewTop();
    private int _count;

    /// <summary>Begins a walk at the folder that holds all others: what is told from now on is what is there after this moment.</summary>
    public RepositoryFolder Enter()
    {
        _watches?.HearOfChanges();
        return Volatile.Read(ref _top);
    }

    /// <summary>The children of a folder at this moment, in byte order.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="around">What is in the folder around it, which this walk has asked for before; null for the top.</param>
    /// <param name="mayMark">Whether folders may be marked now; not while the caller watches them itself.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public ValueTask<KnownChildren> ChildrenAsync(RepositoryFolder folder, KnownChildren? around, bool mayMark, CancellationToken cancellationToken)
    {
        var known = folder.Known;
        if (known?.AreMarkedIn(around) == true)
            return ValueTask.FromResult(known);
        // Before the folder is read: what changes while it is makes the stamp an old one.
        var stamp = _stamps?.Stamp(folder.Path);
        if (known?.AreProvedBy(stamp) != true)
            return ReadAsync(folder, stamp, cancellationToken);
        if (mayMark && around is not null && known.AreBeside(around) && known.IsWorthMark(around))
            Mark(folder, known, around);
        return ValueTask.FromResult(known);
    }

    private async ValueTask<KnownChildren> ReadAsync(RepositoryFolder folder, FolderStamp? stamp, CancellationToken cancellationToken)
    {
        var before = folder.Known;
        before?.Forget();
        var children = new List<RepositoryFolder>();
        var isRepository = false;
        await foreach (var entry in driver.ListAsync(folder.Path, cancellationToken))
        {
            if (!entry.IsFolder)
                continue;
            if (entry.Name is StoragePaths.Manifests or StoragePaths.Layers)
                isRepository = true;
            else if (RepositoryName.IsComponent(entry.Name))
                children.Add(folder.Child(entry.Name, before?.Children));
        }
        if (isRepository && folder.Name is not null)
            children.Add(folder.Itself);
        children.Sort(static (left, right) => string.CompareOrdinal(left.Component, right.Component));
        var known = new KnownChildren(stamp is { IsSettled: true } ? stamp : null, [.. children]);
        // Where nothing can be proved, now or before, nothing is worth keeping.
        if (stamp is not null || before is not null)
            Keep(folder, known);
        return known;
    }

    /// <summary>Marks a folder, unless it changed before the mark was there. A disk that is mounted over it later is not seen until something changes beside it.</summary>
    private void Mark(RepositoryFolder folder, KnownChildren known, KnownChildren around)
    {
        if (_watches?.Mark(folder.Path) is not { } mark)
            return;
        if (known.AreProvedBy(_stamps?.Stamp(folder.Path)))
            known.Keep(mark, around);
        else
            mark.Dispose();
    }

    private void Keep(RepositoryFolder folder, KnownChildren known)
    {
        var more = known.Children.Length - (folder.Replace(known)?.Children.Length ?? 0);
        if (Interlocked.Add(ref _count, more) <= FoldersAtMost)
            return;
        // Those that are asked for will be back.
        Volatile.Write(ref _top, NewTop());
        Volatile.Write(ref _count, 0);
        _watches?.ForgetMarks();
    }

    private static RepositoryFolder NewTop() => new("", StoragePaths.Repositories, null);
}
