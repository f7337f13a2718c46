using System.Runtime.CompilerServices;
using PSRegistry.Oci;
using PSRegistry.Storage.Drivers;

namespace PSRegistry.Storage;

/// <summary>
/// Walks the folders of the repositories in byte order, reporting a repository where its <c>_manifests</c> stands among its
/// children, whether it has one or only <c>_layers</c>.
/// </summary>
internal sealed class RepositoryWalk(IStorageDriver driver, ListMemory<RepositoryName[]> lists)
{
    public async IAsyncEnumerable<RepositoryName> ListAsync(string? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (await lists.FindAsync(StoragePaths.Repositories, ReadAllAsync, cancellationToken) is { } all)
        {
            for (var i = after is null ? 0 : RepositoryOrder.FirstBehind(all, after); i < all.Length; i++)
                yield return all[i];
            yield break;
        }
        string[] behind = after is null ? [] : [.. after.Split('/'), StoragePaths.Manifests];
        await foreach (var name in WalkAsync("", behind, beforeReading: null, cancellationToken))
            yield return name;
    }

    private async ValueTask<RepositoryName[]?> ReadAllAsync(IFolderWatch watch, CancellationToken cancellationToken)
    {
        var names = new List<RepositoryName>();
        var isWatched = true;
        await foreach (var name in WalkAsync("", default, folder => isWatched &= watch.TryAdd(folder), cancellationToken))
        {
            if (!isWatched)
                return null;
            names.Add(name);
        }
        return isWatched ? [.. names] : null;
    }

    /// <param name="folder">The name so far, empty at the top.</param>
    /// <param name="after">What of the name to begin behind lies in here; empty when all of the folder lies behind it.</param>
    /// <param name="beforeReading">Told of each folder before it is read.</param>
    /// <param name="cancellationToken">Ends the walk.</param>
    private async IAsyncEnumerable<RepositoryName> WalkAsync(
        string folder, ReadOnlyMemory<string> after, Action<string>? beforeReading, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var path = folder.Length == 0 ? StoragePaths.Repositories : $"{StoragePaths.Repositories}/{folder}";
        beforeReading?.Invoke(path);
        var children = new SortedSet<string>(StringComparer.Ordinal);
        await foreach (var entry in driver.ListAsync(path, cancellationToken))
        {
            if (!entry.IsFolder)
                continue;
            if (entry.Name is StoragePaths.Manifests or StoragePaths.Layers)
                children.Add(StoragePaths.Manifests);
            else if (RepositoryName.IsComponent(entry.Name))
                children.Add(entry.Name);
        }
        foreach (var child in children)
        {
            var order = after.IsEmpty ? 1 : string.CompareOrdinal(child, after.Span[0]);
            if (order < 0 || (order == 0 && after.Length == 1))
                continue;
            var name = folder.Length == 0 ? child : $"{folder}/{child}";
            if (child == StoragePaths.Manifests)
            {
                if (RepositoryName.TryParse(folder, out var repository))
                    yield return repository;
                continue;
            }
            await foreach (var inside in WalkAsync(name, order == 0 ? after[1..] : default, beforeReading, cancellationToken))
                yield return inside;
        }
    }
}
