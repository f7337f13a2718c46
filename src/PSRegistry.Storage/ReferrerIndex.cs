using System.Runtime.CompilerServices;
using PSRegistry.Oci;
using PSRegistry.Storage.Drivers;

namespace PSRegistry.Storage;

/// <summary>
/// Who refers to whom. There is nothing about it on the disk beside the manifests themselves: the original stores manifests
/// with a subject without noting it, so an index on the disk could never be trusted to be whole. What each manifest refers to
/// cannot change and is remembered; which manifests the repository holds is asked of the disk.
/// </summary>
internal sealed class ReferrerIndex(RepositoryName name, IStorageDriver driver, IManifestStore manifests, ITagStore tags, SubjectMemory subjects)
{
    public async IAsyncEnumerable<Descriptor> ListAsync(Digest subject, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var referrers = new SortedDictionary<Digest, Descriptor>();
        foreach (var digest in await FindAsync(subject, cancellationToken))
        {
            if (await manifests.GetAsync(digest, cancellationToken) is { } stored
                && Manifest.TryParse(stored.Content, null, out var manifest, out _))
            {
                referrers[digest] = Describe(manifest, digest);
            }
        }
        await AddFallbackAsync(subject, referrers, cancellationToken);
        foreach (var referrer in referrers.Values)
            yield return referrer;
    }

    private async ValueTask<List<Digest>> FindAsync(Digest subject, CancellationToken cancellationToken)
    {
        var found = new List<Digest>();
        foreach (var algorithm in DigestAlgorithm.All)
        {
            await foreach (var entry in driver.ListAsync(StoragePaths.Revisions(name, algorithm), cancellationToken))
            {
                if (Digest.TryParse($"{algorithm.Name}:{entry.Name}", out var digest) && await SubjectOfAsync(digest, cancellationToken) == subject)
                    found.Add(digest);
            }
        }
        return found;
    }

    private async ValueTask<Digest?> SubjectOfAsync(Digest digest, CancellationToken cancellationToken)
    {
        if (subjects.TryGet(digest, out var known))
            return known;
        if (await manifests.GetAsync(digest, cancellationToken) is not { } stored)
            return null;
        var subject = Manifest.TryParse(stored.Content, null, out var manifest, out _) ? manifest.Subject?.Digest : null;
        subjects.Remember(digest, subject);
        return subject;
    }

    /// <summary>Clients of registries without this list keep it themselves, under a tag (OCI distribution spec, "Referrers tag schema").</summary>
    private async ValueTask AddFallbackAsync(Digest subject, SortedDictionary<Digest, Descriptor> referrers, CancellationToken cancellationToken)
    {
        var algorithm = subject.Algorithm.Name;
        var hex = subject.Hex.Length > 64 ? subject.Hex[..64] : subject.Hex;
        var index = await tags.ResolveAsync(Tag.Parse($"{algorithm}-{hex}"), cancellationToken);
        if (index is null || await manifests.GetAsync(index, cancellationToken) is not { } stored
            || !Manifest.TryParse(stored.Content, null, out var list, out _))
        {
            return;
        }
        foreach (var listed in list.Manifests)
        {
            if (!referrers.ContainsKey(listed.Digest) && await manifests.GetAsync(listed.Digest, cancellationToken) is not null)
                referrers[listed.Digest] = listed;
        }
    }

    private static Descriptor Describe(Manifest manifest, Digest digest) => new(manifest.MediaType, digest, manifest.Content.Length)
    {
        ArtifactType = manifest.EffectiveArtifactType,
        Annotations = manifest.Annotations,
    };
}
