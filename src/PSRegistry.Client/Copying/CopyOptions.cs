using System.Collections.Immutable;
using PSRegistry.Oci;

namespace PSRegistry.Client;

/// <summary>What a copy takes along, and how.</summary>
public sealed record CopyOptions
{
    /// <summary>
    /// Which images of an index to copy, as <c>os/architecture[/variant]</c>; empty for all. One that remains is copied itself; of several a
    /// new index is made, which has another digest.
    /// </summary>
    public IReadOnlyList<string> Platforms { get; init; } = [];

    /// <summary>Whether to copy also what refers to the manifests: signatures, SBOMs, attestations.</summary>
    public bool WithReferrers { get; init; }

    /// <summary>How many blobs are on their way at a time.</summary>
    public int Parallelism { get; init; } = 4;

    /// <summary>
    /// A repository of the target's registry that holds the content, so that nothing need be sent; null for none. Between two repositories of
    /// one <see cref="RegistryClient"/>'s registry it goes without saying.
    /// </summary>
    public RepositoryName? MountFrom { get; init; }

    /// <summary>What was published to the same registry before, and is mounted from where it lies; null to remember nothing.</summary>
    public PublishedContent? Published { get; init; }

    /// <summary>How the layers of docker archives are compressed on the way; those of other sources go as they are.</summary>
    public LayerCompression Compression { get; init; } = LayerCompression.Gzip;

    /// <summary>Compresses with zstd, around the stream to write to; needed for <see cref="LayerCompression.Zstd"/>.</summary>
    public Func<Stream, Stream>? CompressZstd { get; init; }

    /// <summary>Told how far it has come, from any thread; null for nobody.</summary>
    public IProgress<CopyProgress>? Progress { get; init; }
}

/// <summary>How layers are compressed.</summary>
public enum LayerCompression
{
    /// <summary>gzip, which everything reads.</summary>
    Gzip,

    /// <summary>zstd: smaller and faster, for clients of recent years.</summary>
    Zstd,

    /// <summary>Not at all.</summary>
    None,
}

/// <summary>How far a copy has come.</summary>
/// <param name="BytesDone">Bytes sent, or found to be there.</param>
/// <param name="BytesTotal">Bytes of all blobs.</param>
/// <param name="BlobsDone">Blobs sent, or found to be there.</param>
/// <param name="BlobsTotal">All blobs.</param>
public sealed record CopyProgress(long BytesDone, long BytesTotal, int BlobsDone, int BlobsTotal);

/// <summary>What was copied.</summary>
/// <param name="Manifest">The manifest as the target has it now.</param>
/// <param name="Size">The bytes of all blobs that the target had to have.</param>
/// <param name="Sent">The bytes of those that were sent.</param>
/// <param name="Mounted">How many blobs were taken over from another repository.</param>
public sealed record CopiedImage(Descriptor Manifest, long Size, long Sent, int Mounted)
{
    /// <summary>What it runs on, where that is known: the platforms that an index lists, or that of an image from an archive.</summary>
    public ImmutableArray<Platform> Platforms { get; init; } = [];
}
