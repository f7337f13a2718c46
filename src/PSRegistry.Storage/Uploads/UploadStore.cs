using PSRegistry.Oci;
using PSRegistry.Storage.Drivers;

namespace PSRegistry.Storage;

/// <summary>The uploads of a repository, one folder each under <c>_uploads</c>, so that any server over the folder can go on with them: from the start, or with their first byte.</summary>
internal sealed class UploadStore(
    RepositoryName name, IStorageDriver driver, RepositoryLeases leases, UploadLeases uploads, bool inFolders) : IUploadStore
{
    /// <summary>Uploads that nobody went on with are purged after so long; whoever comes later finds none, with a folder or without.</summary>
    private static readonly TimeSpan Forgotten = TimeSpan.FromDays(7);

    public async ValueTask<IUploadSession> StartAsync(DigestAlgorithm algorithm, CancellationToken cancellationToken = default)
    {
        var id = UploadId.Create();
        var now = DateTimeOffset.UtcNow;
        var startedAt = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerSecond));
        // Held before it can be seen, so that no purge comes in between.
        var lease = await uploads.TakeAsync(id, cancellationToken);
        try
        {
            if (inFolders)
                await StartedAt.WriteAsync(driver, name, id, startedAt, cancellationToken);
        }
        catch
        {
            lease.Dispose();
            throw;
        }
        lease.KeepHash(new RunningHash(algorithm));
        return new UploadSession(name, new UploadStatus(id, 0, startedAt), inFolders, driver, leases, lease);
    }

    public ValueTask<IUploadSession?> ResumeAsync(UploadId id, CancellationToken cancellationToken = default) =>
        ResumeAsync(id, begunAt: null, cancellationToken);

    public async ValueTask<IUploadSession?> ResumeAsync(UploadId id, DateTimeOffset? begunAt, CancellationToken cancellationToken = default)
    {
        var lease = await uploads.TakeAsync(id, cancellationToken);
        try
        {
            if (await LookAsync(id, cancellationToken) is { } written)
                return new UploadSession(name, written, isInFolder: true, driver, leases, lease);
            if (FindUnwritten(id, begunAt) is { } begun)
                return new UploadSession(name, begun, isInFolder: false, driver, leases, lease);
            lease.Dispose();
            return null;
        }
        catch
        {
            lease.Dispose();
            throw;
        }
    }

    public ValueTask<UploadStatus?> GetStatusAsync(UploadId id, CancellationToken cancellationToken = default) => LookAsync(id, cancellationToken);

    public async ValueTask<UploadStatus?> GetStatusAsync(UploadId id, DateTimeOffset? begunAt, CancellationToken cancellationToken = default) =>
        await LookAsync(id, cancellationToken) ?? FindUnwritten(id, begunAt);

    /// <summary>
    /// What was begun, and has no folder yet. One that ended has none any more: where that is not known, at another server or after thousands of
    /// others, it can begin again, with nothing in it.
    /// </summary>
    private UploadStatus? FindUnwritten(UploadId id, DateTimeOffset? begunAt) =>
        !inFolders && begunAt is { } moment && DateTimeOffset.UtcNow - moment < Forgotten && !uploads.HasEnded(id) ? new UploadStatus(id, 0, moment) : null;

    private async ValueTask<UploadStatus?> LookAsync(UploadId id, CancellationToken cancellationToken)
    {
        if (await StartedAt.ReadAsync(driver, name, id, cancellationToken) is not { } startedAt)
            return null;
        var data = await driver.GetEntryAsync(StoragePaths.UploadData(name, id), cancellationToken);
        return new UploadStatus(id, data?.Length ?? 0, startedAt);
    }
}
