using PSRegistry.Oci;

namespace PSRegistry.Client;

/// <summary>A repository as the target of a copy.</summary>
internal sealed class RepositoryTarget(IRepository repository, RepositoryName? mountFrom) : IImageTarget
{
    private readonly BlobSender _sender = new(repository);

    public int? Parallelism => null;

    public async ValueTask<bool> HasManifestAsync(Digest digest, CancellationToken cancellationToken) => repository is RemoteRepository remote
        ? await remote.DescribeAsync(digest, cancellationToken) is not null
        : await repository.Manifests.GetAsync(digest, cancellationToken) is not null;

    public async ValueTask TakeBlobAsync(Descriptor blob, IImageSource source, CopyTally tally, CancellationToken cancellationToken)
    {
        if (await repository.Blobs.GetSizeAsync(blob.Digest, cancellationToken) is not null)
        {
            tally.Present(blob.Size);
            return;
        }
        if (mountFrom is not null && await MountAsync(blob.Digest, cancellationToken))
        {
            tally.Present(blob.Size, mounted: true);
            return;
        }
        await using var content = await source.OpenBlobAsync(blob.Digest, cancellationToken)
            ?? throw new ArchiveException(repository.Name.ToString(),
                $"The source of {repository.Name} is incomplete: the blob {blob.Digest} is missing.");
        var sent = await _sender.SendAsync(new UnchangedBlob(content, blob.Digest, tally.Follow()), cancellationToken);
        tally.Done(sent.Size);
    }

    public async ValueTask TakeManifestAsync(Manifest manifest, Digest digest, IReadOnlyList<Tag> tags, CancellationToken cancellationToken)
    {
        var errors = await repository.Manifests.PutAsync(manifest, digest, tags, cancellationToken);
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
    private async ValueTask<bool> MountAsync(Digest digest, CancellationToken cancellationToken)
    {
        try
        {
            return await repository.Blobs.MountAsync(digest, mountFrom, cancellationToken);
        }
        catch (RegistryRequestException fault) when (fault.Failure is RegistryFailure.Unauthorized or RegistryFailure.Denied or RegistryFailure.Unsupported)
        {
            return false;
        }
    }
}
