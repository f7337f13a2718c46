using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using PSRegistry.Oci;
using PSRegistry.Storage.Drivers;

namespace PSRegistry.Storage;

/// <summary>
/// The manifests of a repository: links under <c>_manifests/revisions</c> into the content of all.
/// <code>
///  push:    content ─> revision ─> tags ─> is the revision still there? else once more
///  delete:  tags ─> revision ─> tags once more, unless the revision is there again
/// </code>
/// In these orders no interleaving of a push and a delete, in whatever processes, leaves a tag whose manifest is gone:
/// either the delete sees the tag, or the push sees that its revision went.
/// </summary>
internal sealed class ManifestStore(
    RepositoryName name,
    IStorageDriver driver,
    ContentStore content,
    TagStore tags,
    ManifestChecker checker,
    RepositoryLeases leases,
    SubjectMemory subjects,
    int tagConcurrency) : IManifestStore
{
    /// <summary>How often a push that a delete by another process undid is made again.</summary>
    private const int MostAgain = 10;

    public async ValueTask<StoredManifest?> GetAsync(Digest digest, CancellationToken cancellationToken = default)
    {
        var target = await Links.ReadAsync(driver, StoragePaths.RevisionLink(name, digest), cancellationToken);
        if (target is null || await content.ReadManifestAsync(target, cancellationToken) is not { } manifest)
            return null;
        return target == digest ? manifest : manifest with { Digest = digest };
    }

    public async ValueTask<ImmutableArray<RegistryError>> PutAsync(
        Manifest manifest, Digest digest, IReadOnlyList<Tag> tagsToMove, CancellationToken cancellationToken = default)
    {
        using var lease = await leases.ShareAsync(name, cancellationToken);
        var errors = await checker.CheckAsync(manifest, cancellationToken);
        if (!errors.IsEmpty)
            return errors;

        // From here on nothing is given up half-way: a client that hangs up gets all of it stored, or a retry does.
        StorageChange[] changes =
        [
            ContentStore.Store(manifest.Content, digest),
            Links.Write(StoragePaths.RevisionLink(name, digest), digest),
            .. tagsToMove.SelectMany(tag => tags.Move(tag, digest)),
        ];
        await driver.ApplyAsync(changes, CancellationToken.None);
        for (var again = 0; !await IsThereAsync(digest, CancellationToken.None); again++)
        {
            // A delete came in between, and may have taken the tags as well. Should that go on and on, they stay gone.
            if (again == MostAgain)
            {
                await Links.WriteAsync(driver, StoragePaths.RevisionLink(name, digest), digest, CancellationToken.None);
                break;
            }
            await driver.ApplyAsync(changes, CancellationToken.None);
        }
        content.Remember(manifest, digest);
        subjects.Remember(digest, manifest.Subject?.Digest);
        return [];
    }

    public async ValueTask<bool> DeleteAsync(Digest digest, CancellationToken cancellationToken = default)
    {
        using var lease = await leases.OwnAsync(name, cancellationToken);
        if (!await IsThereAsync(digest, cancellationToken))
            return false;
        await tags.RemoveAllAsync(digest, tagConcurrency, isToStay: null, cancellationToken);
        await driver.DeleteAsync(StoragePaths.RevisionLink(name, digest), durable: false, CancellationToken.None);
        await driver.DeleteAsync(StoragePaths.Revision(name, digest), durable: true, CancellationToken.None);
        // A tag that was moved here meanwhile names nothing, unless its push came so late that its revision is there as well.
        await tags.RemoveAllAsync(digest, tagConcurrency, () => IsThereAsync(digest, CancellationToken.None), CancellationToken.None);
        return true;
    }

    private async ValueTask<bool> IsThereAsync(Digest digest, CancellationToken cancellationToken) =>
        await Links.ReadAsync(driver, StoragePaths.RevisionLink(name, digest), cancellationToken) is not null;

    public async IAsyncEnumerable<Digest> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var algorithm in DigestAlgorithm.All)
        {
            await foreach (var entry in driver.ListAsync(StoragePaths.Revisions(name, algorithm), cancellationToken))
            {
                // The original leaves the folder behind when it deletes: only the link counts.
                if (Digest.TryParse($"{algorithm.Name}:{entry.Name}", out var digest)
                    && await Links.ReadAsync(driver, StoragePaths.RevisionLink(name, digest), cancellationToken) is not null)
                {
                    yield return digest;
                }
            }
        }
    }
}
