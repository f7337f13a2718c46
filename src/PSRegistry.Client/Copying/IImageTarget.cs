using PSRegistry.Oci;

namespace PSRegistry.Client;

/// <summary>Where images go: a repository, or a layout that is being written.</summary>
internal interface IImageTarget
{
    /// <summary>How many blobs it takes at a time; null for any number.</summary>
    int? Parallelism { get; }

    /// <summary>Whether it has the manifest, and so all that belongs to it.</summary>
    ValueTask<bool> HasManifestAsync(Digest digest, CancellationToken cancellationToken);

    /// <summary>Takes a blob, unless it has it already; tells <paramref name="tally"/> which.</summary>
    ValueTask TakeBlobAsync(Descriptor blob, IImageSource source, CopyTally tally, CancellationToken cancellationToken);

    /// <summary>Takes a manifest whose content it has.</summary>
    ValueTask TakeManifestAsync(Manifest manifest, Digest digest, IReadOnlyList<Tag> tags, CancellationToken cancellationToken);
}
