using PSRegistry.Oci;
using PSRegistry.Storage.Drivers;

namespace PSRegistry.Storage;

/// <summary>A registry on a storage driver: a data folder, laid out as the original lays it out, or memory.</summary>
public sealed class StorageRegistry : IRegistry
{
    private readonly IStorageDriver _driver;
    private StorageOptions _options;
    private readonly ContentStore _content;
    private readonly RepositoryLeases _leases = new();
    private readonly UploadLeases _uploads = new();
    private readonly SubjectMemory _subjects = new();
    private readonly ListMemory<Tag[]> _tags;
    private readonly ListMemory<RepositoryName[]> _repositories;
    private readonly RepositoryTree _tree;

    /// <summary>Opens a registry; nothing is read or written until it is asked for something.</summary>
    public StorageRegistry(IStorageDriver driver, StorageOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(driver);
        _driver = driver;
        _options = options ?? new StorageOptions();
        var caches = _options.Meter is { } meter ? new CacheInstruments(meter) : null;
        _content = new ContentStore(driver, new ManifestCache(_options.ManifestCacheBytes, caches?.Of("manifest")));
        _tags = new ListMemory<Tag[]>(driver, caches?.Of("tags"));
        _repositories = new ListMemory<RepositoryName[]>(driver, caches?.Of("repositories"));
        if (_options.Meter is not null)
            UploadInstruments.Add(_options.Meter, _uploads);
        _tree = new RepositoryTree(driver);
    }

    /// <summary>The same registry under other options: what it keeps in memory, and who works on what, is shared.</summary>
    /// <param name="options">What it is told; the size of its cache stays.</param>
    public StorageRegistry With(StorageOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var other = (StorageRegistry)MemberwiseClone();
        other._options = options;
        return other;
    }

    /// <summary>Whether a folder of this machine holds what a registry stored; false also where it may not be looked into. Nothing is made.</summary>
    public static bool IsIn(string folder) => Directory.Exists(Path.Combine(folder, StoragePaths.Root));

    /// <inheritdoc/>
    public IRepository GetRepository(RepositoryName name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var blobs = new BlobStore(name, _driver, _content, _leases);
        var tags = new TagStore(name, _driver, _leases, _tags);
        var checker = new ManifestChecker(name, _driver, _content, blobs, _options.ManifestRules);
        var manifests = new ManifestStore(name, _driver, _content, tags, checker, _leases, _subjects, _options.TagConcurrency);
        return new StorageRepository(name, _driver)
        {
            Blobs = blobs,
            Manifests = manifests,
            Tags = tags,
            Uploads = new UploadStore(name, _driver, _leases, _uploads, _options.BeginsUploadsInFolders),
            Referrers = new ReferrerIndex(name, _driver, manifests, tags, _subjects),
        };
    }

    /// <summary>
    /// The repositories that exist, in the order in which the original walks its folders: names are compared component by
    /// component, with <c>_manifests</c> as the last one. So <c>a/0</c> comes before <c>a</c>, and <c>a/b</c> behind it.
    /// </summary>
    public IAsyncEnumerable<RepositoryName> ListRepositoriesAsync(string? after = null, CancellationToken cancellationToken = default) =>
        new RepositoryWalk(_tree, _repositories).ListAsync(after, cancellationToken);

    /// <summary>Removes uploads that nobody went on with.</summary>
    /// <param name="olderThan">Uploads that began, and last received something, before this moment.</param>
    /// <param name="dryRun">Only tell.</param>
    /// <param name="cancellationToken">Ends the walk.</param>
    /// <returns>The uploads removed, or that would be.</returns>
    public IAsyncEnumerable<(RepositoryName Repository, UploadStatus Upload)> PurgeUploadsAsync(
        DateTimeOffset olderThan, bool dryRun = false, CancellationToken cancellationToken = default) =>
        new Maintenance.UploadPurger(_driver, _uploads).PurgeAsync(olderThan, dryRun, cancellationToken);
}
