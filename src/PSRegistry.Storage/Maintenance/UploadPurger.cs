using System.Runtime.CompilerServices;
using PSRegistry.Oci;
using PSRegistry.Storage.Drivers;

namespace PSRegistry.Storage.Maintenance;

/// <summary>Finds uploads that were begun and never finished. One that a request holds is never touched.</summary>
internal sealed class UploadPurger(IStorageDriver driver, UploadLeases uploads)
{
    public async IAsyncEnumerable<(RepositoryName Repository, UploadStatus Upload)> PurgeAsync(
        DateTimeOffset olderThan, bool dryRun, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var name in ListNamesAsync("", cancellationToken))
        {
            await foreach (var entry in driver.ListAsync(StoragePaths.UploadsFolder(name), cancellationToken))
            {
                if (entry.IsFolder && UploadId.TryParse(entry.Name, out var id) && await PurgeAsync(name, id, olderThan, dryRun, cancellationToken) is { } purged)
                    yield return (name, purged);
            }
        }
        // Of uploads that were begun and have no folder yet.
        if (!dryRun)
            uploads.ForgetHashes(olderThan);
    }

    private async ValueTask<UploadStatus?> PurgeAsync(
        RepositoryName name, UploadId id, DateTimeOffset olderThan, bool dryRun, CancellationToken cancellationToken)
    {
        using var lease = uploads.TryTake(id);
        if (lease is null)
            return null;
        var folder = await driver.GetEntryAsync(StoragePaths.Upload(name, id), cancellationToken);
        var data = await driver.GetEntryAsync(StoragePaths.UploadData(name, id), cancellationToken);
        var startedAt = await StartedAt.ReadAsync(driver, name, id, cancellationToken) ?? data?.ModifiedAt ?? folder?.ModifiedAt;
        if (startedAt is null || startedAt >= olderThan || data?.ModifiedAt >= olderThan)
            return null;
        if (!dryRun)
        {
            lease.TakeHash(-1);
            await driver.DeleteAsync(StoragePaths.Upload(name, id), durable: false, cancellationToken);
        }
        return new UploadStatus(id, data?.Length ?? 0, startedAt.Value);
    }

    /// <summary>Every folder that could be a repository: a first push that never ended left uploads and nothing else.</summary>
    private async IAsyncEnumerable<RepositoryName> ListNamesAsync(string folder, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var path = folder.Length == 0 ? StoragePaths.Repositories : $"{StoragePaths.Repositories}/{folder}";
        var hasUploads = false;
        await foreach (var entry in driver.ListAsync(path, cancellationToken))
        {
            hasUploads |= entry.IsFolder && entry.Name == StoragePaths.Uploads;
            if (!entry.IsFolder || !RepositoryName.IsComponent(entry.Name))
                continue;
            await foreach (var inside in ListNamesAsync(folder.Length == 0 ? entry.Name : $"{folder}/{entry.Name}", cancellationToken))
                yield return inside;
        }
        if (hasUploads && RepositoryName.TryParse(folder, out var name))
            yield return name;
    }
}
