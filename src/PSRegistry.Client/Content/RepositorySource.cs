using PSRegistry.Oci;

namespace PSRegistry.Client;

/// <summary>A repository as the source of images.</summary>
internal sealed class RepositorySource(IRepository repository) : IImageSource
{
    public ValueTask<StoredManifest?> GetManifestAsync(Digest digest, CancellationToken cancellationToken = default) =>
        repository.Manifests.GetAsync(digest, cancellationToken);

    // A damaged file of a data folder must not travel on; what comes over HTTP is checked on its way already.
    public async ValueTask<IBlob?> OpenBlobAsync(Digest digest, CancellationToken cancellationToken = default)
    {
        var blob = await repository.Blobs.OpenAsync(digest, cancellationToken);
        return blob is null or VerifiedBlob ? blob : new VerifiedBlob(blob, digest, actual => new ArchiveException(
            repository.Name.ToString(), $"The blob {digest} of {repository.Name} is damaged: its bytes have the digest {actual}."));
    }

    public IAsyncEnumerable<Descriptor> ListReferrersAsync(Digest subject, CancellationToken cancellationToken = default) =>
        repository.ListReferrersAsync(subject, cancellationToken);
}
