using PSRegistry.Oci;
using PSRegistry.Storage.Drivers;

namespace PSRegistry.Storage;

/// <summary>
/// The folders of the repositories. Where the driver can stamp them, the children of each that was read are kept, and one look proves that they are
/// still those: a page of 1,000 repositories takes as many looks, and reads neither their folders nor that of a store with 100,000 of them.
/// </summary>
internal sealed class RepositoryTree(IStorageDriver driver)
{
    /// <summary>Each takes about 300 bytes.</summary>
    private const int FoldersAtMost = 256 * 1024;

    private readonly IStampsFolders? _stamps = driver as IStampsFolders;
    private RepositoryFolder _top = NewTop();
    private int _count;

    /// <summary>The folder that holds all others.</summary>
    public RepositoryFolder Top => Volatile.Read(ref _top);

    /// <summary>The children of a folder at this moment, in byte order.</summary>
    public ValueTask<RepositoryFolder[]> ChildrenAsync(RepositoryFolder folder, CancellationToken cancellationToken)
    {
        // Before the folder is read: what changes while it is makes the stamp an old one.
        var stamp = _stamps?.Stamp(folder.Path);
        return stamp is not null && folder.Known is { } known && known.Stamp == stamp
            ? ValueTask.FromResult(known.Children)
            : ReadAsync(folder, stamp, cancellationToken);
    }

    private async ValueTask<RepositoryFolder[]> ReadAsync(RepositoryFolder folder, FolderStamp? stamp, CancellationToken cancellationToken)
    {
        var before = folder.Known?.Children;
        var children = new List<RepositoryFolder>();
        var isRepository = false;
        await foreach (var entry in driver.ListAsync(folder.Path, cancellationToken))
        {
            if (!entry.IsFolder)
                continue;
            if (entry.Name is StoragePaths.Manifests or StoragePaths.Layers)
                isRepository = true;
            else if (RepositoryName.IsComponent(entry.Name))
                children.Add(folder.Child(entry.Name, before));
        }
        if (isRepository && folder.Name is not null)
            children.Add(folder.Itself);
        children.Sort(static (left, right) => string.CompareOrdinal(left.Component, right.Component));
        RepositoryFolder[] all = [.. children];
        if (stamp is { IsSettled: true } settled)
            Keep(folder, new KnownChildren(settled, all));
        return all;
    }

    private void Keep(RepositoryFolder folder, KnownChildren known)
    {
        var more = known.Children.Length - (folder.Known?.Children.Length ?? 0);
        folder.Known = known;
        if (Interlocked.Add(ref _count, more) <= FoldersAtMost)
            return;
        // Those that are asked for will be back.
        Volatile.Write(ref _top, NewTop());
        Volatile.Write(ref _count, 0);
    }

    private static RepositoryFolder NewTop() => new("", StoragePaths.Repositories, null);
}
