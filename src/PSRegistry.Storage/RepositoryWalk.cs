using System.Runtime.CompilerServices;
using PSRegistry.Oci;
using PSRegistry.Storage.Drivers;

namespace PSRegistry.Storage;

/// <summary>
/// Walks the folders of the repositories in byte order, reporting a repository where its <c>_manifests</c> stands among its
/// children, whether it has one or only <c>_layers</c>.
/// </summary>
internal sealed class RepositoryWalk(IStorageDriver driver)
{
    public IAsyncEnumerable<RepositoryName> ListAsync(string? after, CancellationToken cancellationToken)
    {
        string[] behind = after is null ? [] : [.. after.Split('/'), StoragePaths.Manifests];
        return WalkAsync("", behind, cancellationToken);
    }

    /// <param name="folder">The name so far, empty at the top.</param>
    /// <param name="after">What of the name to begin behind lies in here; empty when all of the folder lies behind it.</param>
    /// <param name="cancellationToken">Ends the walk.</param>
    private async IAsyncEnumerable<RepositoryName> WalkAsync(
        string folder, ReadOnlyMemory<string> after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var path = folder.Length == 0 ? StoragePaths.Repositories : $"{StoragePaths.Repositories}/{folder}";
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
            await foreach (var inside in WalkAsync(name, order == 0 ? after[1..] : default, cancellationToken))
                yield return inside;
        }
    }
}
