using PSRegistry.Oci;
using PSRegistry.Storage.Drivers;

namespace PSRegistry.Storage;

/// <summary>The uploads of a repository, one folder each under <c>_uploads</c>, so that any server over the folder can go on with them.</summary>
internal sealed class UploadStore(
    RepositoryName name, IStorageDriver driver, RepositoryLeases leases, UploadLeases uploads) : IUploadStore
{
    public async ValueTask<IUploadSession> StartAsync(DigestAlgorithm algorithm, CancellationToken cancellationToken = default)
    {
        var id = UploadId.Create();
        var now = DateTimeOffset.UtcNow;
        var startedAt = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerSecond));
        // Held before it can be seen, so that no purge comes in between.
        var lease = await uploads.TakeAsync(id, cancellationToken);
        try
        {
            await StartedAt.WriteAsync(driver, name, id, startedAt, cancellationToken);
        }
        catch
        {
            lease.Dispose();
            throw;
        }
        lease.KeepHash(new RunningHash(algorithm));
        return new UploadSession(name, id, startedAt, size: 0, driver, leases, lease);
    }

    public async ValueTask<IUploadSession?> ResumeAsync(UploadId id, CancellationToken cancellationToken = default)
    {
        var lease = await uploads.TakeAsync(id, cancellationToken);
        try
        {
            if (await GetStatusAsync(id, cancellationToken) is { } status)
                return new UploadSession(name, id, status.StartedAt, status.Size, driver, leases, lease);
            lease.Dispose();
            return null;
        }
        catch
        {
            lease.Dispose();
            throw;
        }
    }

    public async ValueTask<UploadStatus?> GetStatusAsync(UploadId id, CancellationToken cancellationToken = default)
    {
        if (await StartedAt.ReadAsync(driver, name, id, cancellationToken) is not { } startedAt)
            return null;
        var data = await driver.GetEntryAsync(StoragePaths.UploadData(name, id), cancellationToken);
        return new UploadStatus(id, data?.Length ?? 0, startedAt);
    }
}
