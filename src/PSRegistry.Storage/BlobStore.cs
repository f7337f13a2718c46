using PSRegistry.Oci;
using PSRegistry.Storage.Drivers;

namespace PSRegistry.Storage;

/// <summary>The blobs of a repository: links under <c>_layers</c> into the content of all.</summary>
internal sealed class BlobStore(RepositoryName name, IStorageDriver driver, ContentStore content, RepositoryLeases leases) : IBlobStore
{
    public async ValueTask<IBlob?> OpenAsync(Digest digest, CancellationToken cancellationToken = default) =>
        await FindAsync(name, digest, cancellationToken) is { } target ? await content.OpenAsync(target, cancellationToken) : null;

    public async ValueTask<long?> GetSizeAsync(Digest digest, CancellationToken cancellationToken = default) =>
        await FindAsync(name, digest, cancellationToken) is { } target ? await content.GetSizeAsync(target, cancellationToken) : null;

    public async ValueTask<bool> DeleteAsync(Digest digest, CancellationToken cancellationToken = default)
    {
        using var lease = await leases.OwnAsync(name, cancellationToken);
        if (await FindAsync(name, digest, cancellationToken) is null)
            return false;
        return await driver.DeleteAsync(StoragePaths.Layer(name, digest), cancellationToken: cancellationToken);
    }

    public async ValueTask<bool> MountAsync(Digest digest, RepositoryName? from, CancellationToken cancellationToken = default)
    {
        using var lease = await leases.ShareAsync(name, cancellationToken);
        var target = from is null ? digest : await FindAsync(from, digest, cancellationToken);
        if (target is null || await content.GetSizeAsync(target, cancellationToken) is null)
            return false;
        await Links.WriteAsync(driver, StoragePaths.LayerLink(name, digest), target, cancellationToken);
        return true;
    }

    private ValueTask<Digest?> FindAsync(RepositoryName repository, Digest digest, CancellationToken cancellationToken) =>
        Links.ReadAsync(driver, StoragePaths.LayerLink(repository, digest), cancellationToken);
}
