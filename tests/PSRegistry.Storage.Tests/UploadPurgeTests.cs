using PSRegistry.Oci;
using PSRegistry.Storage.Drivers;

namespace PSRegistry.Storage.Tests;

public sealed class UploadPurgeTests
{
    private static readonly RepositoryName Name = RepositoryName.Parse("purge/app");
    private readonly MemoryDriver _driver = new();
    private readonly StorageRegistry _registry;

    public UploadPurgeTests() => _registry = new StorageRegistry(_driver);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private IUploadStore Uploads => _registry.GetRepository(Name).Uploads;

    [Fact]
    public async Task An_abandoned_upload_is_purged_even_in_a_repository_that_never_became_one()
    {
        var id = await AbandonAsync();
        Assert.Equal([id], await PurgeAsync(DateTimeOffset.UtcNow.AddMinutes(1)));
        Assert.Null(await Uploads.GetStatusAsync(id, Token));
    }

    [Fact]
    public async Task A_young_upload_stays()
    {
        var id = await AbandonAsync();
        Assert.Empty(await PurgeAsync(DateTimeOffset.UtcNow.AddMinutes(-1)));
        Assert.NotNull(await Uploads.GetStatusAsync(id, Token));
    }

    [Fact]
    public async Task A_dry_run_tells_and_keeps()
    {
        var id = await AbandonAsync();
        Assert.Equal([id], await PurgeAsync(DateTimeOffset.UtcNow.AddMinutes(1), dryRun: true));
        Assert.NotNull(await Uploads.GetStatusAsync(id, Token));
    }

    [Fact]
    public async Task An_upload_that_a_request_holds_is_never_touched()
    {
        await using var held = await Uploads.StartAsync(DigestAlgorithm.Sha256, Token);
        Assert.Empty(await PurgeAsync(DateTimeOffset.UtcNow.AddMinutes(1)));
        Assert.NotNull(await Uploads.GetStatusAsync(held.Id, Token));
    }

    [Fact]
    public async Task An_upload_that_lost_its_start_goes_by_its_data()
    {
        var id = await AbandonAsync();
        await using (var writer = await _driver.OpenWriterAsync($"docker/registry/v2/repositories/{Name}/_uploads/{id}/data", Token))
            await writer.AppendAsync(new("left over"u8.ToArray()), Token);
        await _driver.DeleteAsync($"docker/registry/v2/repositories/{Name}/_uploads/{id}/startedat", cancellationToken: Token);
        Assert.Empty(await PurgeAsync(DateTimeOffset.UtcNow.AddMinutes(-1)));
        Assert.Equal([id], await PurgeAsync(DateTimeOffset.UtcNow.AddMinutes(1)));
    }

    private async Task<UploadId> AbandonAsync()
    {
        await using var session = await Uploads.StartAsync(DigestAlgorithm.Sha256, Token);
        return session.Id;
    }

    private async Task<List<UploadId>> PurgeAsync(DateTimeOffset olderThan, bool dryRun = false)
    {
        var purged = new List<UploadId>();
        await foreach (var (repository, upload) in _registry.PurgeUploadsAsync(olderThan, dryRun, Token))
        {
            Assert.Equal(Name, repository);
            purged.Add(upload.Id);
        }
        return purged;
    }
}
