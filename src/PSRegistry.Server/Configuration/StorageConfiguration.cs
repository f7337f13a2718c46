namespace PSRegistry.Server.Configuration;

/// <summary>The <c>storage</c> section.</summary>
public sealed record StorageConfiguration
{
    /// <summary>
    /// What holds the content: the one driver key under <c>storage</c>. Default: <see cref="StorageDriverKind.FileSystem"/>.
    /// </summary>
    public StorageDriverKind Driver { get; init; } = StorageDriverKind.FileSystem;

    /// <summary>
    /// The folder that holds <c>docker/registry/v2</c>, as written (it may be relative). Key
    /// <c>storage.filesystem.rootdirectory</c>; without meaning for other drivers. Default: <c>/var/lib/registry</c>.
    /// </summary>
    public string RootDirectory { get; init; } = "/var/lib/registry";

    /// <summary>Whether DELETE of manifests, tags and blobs is allowed. Key <c>storage.delete.enabled</c>. Default: false.</summary>
    public bool DeleteEnabled { get; init; }

    /// <summary>Whether every change is refused. Key <c>storage.maintenance.readonly.enabled</c>. Default: false.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>How abandoned uploads are removed. Key <c>storage.maintenance.uploadpurging</c>.</summary>
    public UploadPurgingConfiguration UploadPurging { get; init; } = new();

    /// <summary>
    /// How many tags are looked up at a time. Key <c>storage.tag.concurrencylimit</c>. Default: 0, which means one per processor.
    /// </summary>
    public int TagConcurrencyLimit { get; init; }
}

/// <summary>The storage drivers that a registry can run on.</summary>
public enum StorageDriverKind
{
    /// <summary>A folder. Key <c>storage.filesystem</c>.</summary>
    FileSystem,

    /// <summary>Memory: the content ends with the process. Key <c>storage.inmemory</c>.</summary>
    InMemory,
}

/// <summary>The <c>storage.maintenance.uploadpurging</c> section.</summary>
public sealed record UploadPurgingConfiguration
{
    /// <summary>Whether abandoned uploads are removed at all. Key <c>enabled</c>. Default: true.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>How long after its start an upload counts as abandoned. Key <c>age</c>, never negative. Default: 168 hours.</summary>
    public TimeSpan Age { get; init; } = TimeSpan.FromHours(168);

    /// <summary>The time between two rounds. Key <c>interval</c>, more than zero. Default: 24 hours.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Whether a round only reports what it would remove. Key <c>dryrun</c>. Default: false.</summary>
    public bool DryRun { get; init; }
}
