using System.Diagnostics.Metrics;

namespace PSRegistry.Storage;

/// <summary>What a registry on storage can be told.</summary>
public sealed record StorageOptions
{
    /// <summary>What a manifest must fulfil to be stored.</summary>
    public ManifestRules ManifestRules { get; init; } = new();

    /// <summary>Bytes of manifests kept in memory. Default 16 MiB.</summary>
    public long ManifestCacheBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>Has the instruments for what the storage remembers and receives. Default: null, nothing is measured.</summary>
    public Meter? Meter { get; init; }

    /// <summary>
    /// Whether an upload is in its folder as soon as it is begun, so that a server that knows nothing but its name goes on with it. Otherwise
    /// it is there with its first byte, and not at all when its content is small and comes in one piece. Default: true.
    /// </summary>
    public bool BeginsUploadsInFolders { get; init; } = true;

    /// <summary>How many tags are looked at in parallel when a manifest is deleted; 0 for one per processor.</summary>
    public int TagConcurrency { get; init; }
}
