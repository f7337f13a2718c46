namespace PSRegistry.Oci;

/// <summary>A repository: blobs, manifests, tags and uploads under one name.</summary>
public interface IRepository
{
    /// <summary>Its name.</summary>
    RepositoryName Name { get; }

    /// <summary>Layers, configs and other content by digest.</summary>
    IBlobStore Blobs { get; }

    /// <summary>Manifests by digest.</summary>
    IManifestStore Manifests { get; }

    /// <summary>Names for manifests.</summary>
    ITagStore Tags { get; }

    /// <summary>Blobs on their way in.</summary>
    IUploadStore Uploads { get; }

    /// <summary>Whether anything was ever pushed to it.</summary>
    ValueTask<bool> ExistsAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// The manifests whose <c>subject</c> is <paramref name="subject"/>, in digest order, each with its artifact type and
    /// annotations (OCI distribution spec, "Listing referrers"). The subject itself need not exist.
    /// </summary>
    IAsyncEnumerable<Descriptor> ListReferrersAsync(Digest subject, CancellationToken cancellationToken = default);
}
