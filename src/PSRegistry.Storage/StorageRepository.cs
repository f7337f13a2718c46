using PSRegistry.Oci;
using PSRegistry.Storage.Drivers;

namespace PSRegistry.Storage;

/// <summary>One repository of a <see cref="StorageRegistry"/>.</summary>
internal sealed class StorageRepository(RepositoryName name, IStorageDriver driver) : IRepository
{
    public RepositoryName Name => name;

    public required IBlobStore Blobs { get; init; }

    public required IManifestStore Manifests { get; init; }

    public required ITagStore Tags { get; init; }

    public required IUploadStore Uploads { get; init; }

    public required ReferrerIndex Referrers { get; init; }

    public async ValueTask<bool> ExistsAsync(CancellationToken cancellationToken = default) =>
        await driver.GetEntryAsync(StoragePaths.ManifestsFolder(name), cancellationToken) is not null
        || await driver.GetEntryAsync(StoragePaths.LayersFolder(name), cancellationToken) is not null;

    public IAsyncEnumerable<Descriptor> ListReferrersAsync(Digest subject, CancellationToken cancellationToken = default) =>
        Referrers.ListAsync(subject, cancellationToken);

    public override string ToString() => name.ToString();
}
