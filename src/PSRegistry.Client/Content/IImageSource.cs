using PSRegistry.Oci;

namespace PSRegistry.Client;

/// <summary>Where images come from: a repository, or an archive.</summary>
public interface IImageSource
{
    /// <summary>The manifest, checked against its digest; null when it is not there.</summary>
    ValueTask<StoredManifest?> GetManifestAsync(Digest digest, CancellationToken cancellationToken = default);

    /// <summary>The blob, checked against its digest as it is read; null when it is not there.</summary>
    ValueTask<IBlob?> OpenBlobAsync(Digest digest, CancellationToken cancellationToken = default);

    /// <summary>The manifests that refer to <paramref name="subject"/>.</summary>
    IAsyncEnumerable<Descriptor> ListReferrersAsync(Digest subject, CancellationToken cancellationToken = default);
}
