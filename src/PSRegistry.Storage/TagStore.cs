using System.Runtime.CompilerServices;
using PSRegistry.Oci;
using PSRegistry.Storage.Drivers;

namespace PSRegistry.Storage;

/// <summary>The tags of a repository, read from the disk every time or proven to be as they were: another process may move them.</summary>
internal sealed class TagStore(RepositoryName name, IStorageDriver driver, RepositoryLeases leases, ListMemory<Tag[]> lists) : ITagStore
{
    public ValueTask<Digest?> ResolveAsync(Tag tag, CancellationToken cancellationToken = default) =>
        Links.ReadAsync(driver, StoragePaths.TagLink(name, tag), cancellationToken);

    public async ValueTask<bool> DeleteAsync(Tag tag, CancellationToken cancellationToken = default)
    {
        using var lease = await leases.OwnAsync(name, cancellationToken);
        return await RemoveAsync(tag, cancellationToken);
    }

    public async IAsyncEnumerable<Tag> ListAsync(string? after = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (await lists.FindAsync(StoragePaths.Tags(name), ReadAllAsync, cancellationToken) is { } all)
        {
            foreach (var tag in all)
            {
                if (after is null || string.CompareOrdinal(tag.ToString(), after) > 0)
                    yield return tag;
            }
            yield break;
        }
        await foreach (var tag in ListFoldersAsync(cancellationToken))
        {
            if ((after is null || string.CompareOrdinal(tag.ToString(), after) > 0) && await NamesSomethingAsync(tag, cancellationToken))
                yield return tag;
        }
    }

    /// <summary>The changes that point a tag at a manifest: first its history, then the link that counts. Whoever makes them holds a lease.</summary>
    internal IEnumerable<StorageChange> Move(Tag tag, Digest digest) =>
    [
        Links.Write(StoragePaths.TagIndexLink(name, tag, digest), digest),
        Links.Write(StoragePaths.TagLink(name, tag), digest),
    ];

    /// <summary>
    /// Removes every tag that names the manifest. The caller has the repository to itself, in this process.
    /// </summary>
    /// <param name="digest">The manifest.</param>
    /// <param name="concurrency">How many tags are looked at at once; 0 for as many as there are processors.</param>
    /// <param name="isToStay">Asked when a tag was read: true when it names the manifest rightly. Null when none does.</param>
    /// <param name="cancellationToken">Gives up.</param>
    internal async ValueTask RemoveAllAsync(Digest digest, int concurrency, Func<ValueTask<bool>>? isToStay, CancellationToken cancellationToken)
    {
        var options = new ParallelOptions
        {
            MaxDegreeOfParallelism = concurrency > 0 ? concurrency : Environment.ProcessorCount,
            CancellationToken = cancellationToken,
        };
        await Parallel.ForEachAsync(ListAsync(null, cancellationToken), options, async (tag, token) =>
        {
            if (await ResolveAsync(tag, token) == digest && (isToStay is null || !await isToStay()))
                await RemoveAsync(tag, token);
        });
    }

    /// <summary>First the link, so that the tag is gone at once; then the folder with its history, which makes it durable.</summary>
    private async ValueTask<bool> RemoveAsync(Tag tag, CancellationToken cancellationToken)
    {
        if (await ResolveAsync(tag, cancellationToken) is null)
            return false;
        var removed = await driver.DeleteAsync(StoragePaths.TagLink(name, tag), durable: false, cancellationToken);
        await driver.DeleteAsync(StoragePaths.TagFolder(name, tag), durable: true, cancellationToken);
        return removed;
    }

    private async ValueTask<Tag[]?> ReadAllAsync(IFolderWatch watch, CancellationToken cancellationToken)
    {
        if (!watch.TryAdd(StoragePaths.Tags(name)))
            return null;
        var tags = new List<Tag>();
        await foreach (var tag in ListFoldersAsync(cancellationToken))
        {
            // Where there is no link yet, the folder around it tells when there is.
            var isWatched = watch.TryAdd(StoragePaths.TagLinkFolder(name, tag));
            if (!isWatched && !watch.TryAdd(StoragePaths.TagFolder(name, tag)))
                return null;
            if (!await NamesSomethingAsync(tag, cancellationToken))
                continue;
            if (!isWatched)
                return null;
            tags.Add(tag);
        }
        return [.. tags];
    }

    private async IAsyncEnumerable<Tag> ListFoldersAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var entry in driver.ListAsync(StoragePaths.Tags(name), cancellationToken))
        {
            if (entry.IsFolder && Tag.TryParse(entry.Name, out var tag))
                yield return tag;
        }
    }

    /// <summary>A crash between the folder and its link leaves a folder that names nothing, or a link that is empty or cut.</summary>
    private async ValueTask<bool> NamesSomethingAsync(Tag tag, CancellationToken cancellationToken) =>
        await driver.GetEntryAsync(StoragePaths.TagLink(name, tag), cancellationToken) is { IsFolder: false } link && Links.IsWhole(link.Length);
}
