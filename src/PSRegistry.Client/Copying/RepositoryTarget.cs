using PSRegistry.Oci;

namespace PSRegistry.Client;

/// <summary>A repository as the target of a copy.</summary>
internal sealed class RepositoryTarget(IRepository repository, RepositoryName? mountFrom, PublishedContent? published = null) : IImageTarget
{
    private readonly BlobSender _sender = new(repository);

    public int? Parallelism => null;

    public async ValueTask<bool> HasManifestAsync(Digest digest, CancellationToken cancellationToken) => repository is RemoteRepository remote
        ? await remote.DescribeAsync(digest, cancellationToken) is not null
        : await repository.Manifests.GetAsync(digest, cancellationToken) is not null;

    public async ValueTask TakeBlobAsync(Descriptor blob, IImageSource source, CopyTally tally, CancellationToken cancellationToken)
    {
        if (await HasBlobAsync(blob.Digest, blob.Size, null, tally, cancellationToken))
            return;
        await using var content = await source.OpenBlobAsync(blob.Digest, cancellationToken)
            ?? throw new ArchiveException(repository.Name.ToString(),
                $"The source of {repository.Name} is incomplete: the blob {blob.Digest} is missing.");
        var sent = await _sender.SendAsync(new UnchangedBlob(content, blob.Digest, tally.Follow()), cancellationToken);
        tally.Done(sent.Size);
        published?.AddBlob(blob.Digest, repository.Name);
    }

    /// <summary>Whether it has a blob, or can take it over from another repository; tells <paramref name="tally"/> which.</summary>
    /// <param name="digest">The blob.</param>
    /// <param name="size">Its bytes, as the tally counts them.</param>
    /// <param name="known">A repository that has it, as far as is known; null for none.</param>
    /// <param name="tally">Told of it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async ValueTask<bool> HasBlobAsync(Digest digest, long size, RepositoryName? known, CopyTally tally, CancellationToken cancellationToken)
    {
        var isThere = await repository.Blobs.GetSizeAsync(digest, cancellationToken) is not null;
        var isMounted = !isThere && await MountAsync(digest, known, cancellationToken);
        if (!isThere && !isMounted)
            return false;
        tally.Present(size, isMounted);
        published?.AddBlob(digest, repository.Name);
        return true;
    }

    public async ValueTask TakeManifestAsync(Manifest manifest, Digest digest, IReadOnlyList<Tag> tags, CancellationToken cancellationToken)
    {
        var moving = new List<Tag>();
        foreach (var tag in tags)
        {
            if (await repository.Tags.ResolveAsync(tag, cancellationToken) != digest)
                moving.Add(tag);
        }
        // A tag that names it has all of it there: a mirror that runs every night writes nothing, and wakes nobody who is told of pushes.
        if (tags.Count > 0 && moving.Count == 0)
            return;
        var errors = await repository.Manifests.PutAsync(manifest, digest, moving, cancellationToken);
        if (errors.IsEmpty)
            return;
        var message = $"{repository} refuses the manifest {digest}: {errors[0]}";
        throw repository is RemoteRepository remote
            ? new RegistryRequestException(RegistryFailure.ProtocolFault, message)
            {
                Registry = remote.Registry.Address.Authority,
                Method = HttpMethod.Put.Method,
                RequestUri = new Uri(remote.Registry.Address.BaseUri, $"v2/{repository.Name}/manifests/{digest}"),
                Status = errors[0].Code.Status,
                Errors = errors,
            }
            : new ArchiveException(repository.Name.ToString(), message);
    }

    /// <summary>A right to the other repository that is missing means that the blob is sent, and no more.</summary>
    private async ValueTask<bool> MountAsync(Digest digest, RepositoryName? known, CancellationToken cancellationToken)
    {
        var sources = new[] { known, published?.FindBlob(digest), mountFrom }.OfType<RepositoryName>().Distinct().Where(name => name != repository.Name);
        foreach (var source in sources)
        {
            try
            {
                if (await repository.Blobs.MountAsync(digest, source, cancellationToken))
                    return true;
            }
            catch (RegistryRequestException fault) when (fault.Failure is RegistryFailure.Unauthorized or RegistryFailure.Denied or RegistryFailure.Unsupported)
            {
            }
        }
        return false;
    }
}
