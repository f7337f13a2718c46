using System.IO.Pipelines;
using PSRegistry.Oci;
using PSRegistry.Storage.Drivers;
using PSRegistry.Testing;
using PSRegistry.Testing.Storage;

namespace PSRegistry.Storage.Tests;

/// <summary>Uploads that have no folder before their first byte.</summary>
public sealed class UnwrittenUploadTests
{
    private static readonly RepositoryName Name = RepositoryName.Parse("quick/app");
    private static readonly StorageOptions Options = new() { BeginsUploadsInFolders = false };
    private static readonly byte[] Content = "content"u8.ToArray();
    private static readonly Digest Digest = Digest.OfContent(Content);

    private readonly MemoryDriver _driver = new();
    private readonly StorageRegistry _registry;

    public UnwrittenUploadTests() => _registry = new StorageRegistry(_driver, Options);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private IRepository Repository => _registry.GetRepository(Name);

    private IUploadStore Uploads => Repository.Uploads;

    [Fact]
    public async Task Small_content_in_one_piece_becomes_a_blob_and_nothing_else()
    {
        await using var upload = await Uploads.StartAsync(DigestAlgorithm.Sha256, Token);
        Assert.Equal(7, await upload.AppendLastAsync(SampleImages.Body(Content), Content.Length, Token));
        Assert.Equal(7, upload.Size);
        Assert.Null(await upload.CommitAsync(Digest, Token));
        Assert.Equal(7, await Repository.Blobs.GetSizeAsync(Digest, Token));
        Assert.Null(await FolderAsync());
    }

    [Fact]
    public async Task No_content_at_all_is_the_empty_blob()
    {
        await using var upload = await Uploads.StartAsync(DigestAlgorithm.Sha256, Token);
        Assert.Equal(0, await upload.AppendLastAsync(SampleImages.Body(Array.Empty<byte>()), 0, Token));
        Assert.Null(await upload.CommitAsync(Digest.OfContent(Array.Empty<byte>()), Token));
        Assert.Equal(0, await Repository.Blobs.GetSizeAsync(Digest.OfContent(Array.Empty<byte>()), Token));
    }

    [Theory]
    [InlineData(64 * 1024, true)]
    [InlineData(64 * 1024, false)]
    [InlineData(64 * 1024 + 1, true)]
    [InlineData(64 * 1024 + 1, false)]
    [InlineData(300_000, false)]
    public async Task Content_of_any_size_comes_in_whole(int length, bool isSaid)
    {
        var bytes = TestBytes.Make(length);
        var digest = DigestAlgorithm.Find("sha512")!.Compute(bytes);
        await using var upload = await Uploads.StartAsync(DigestAlgorithm.Sha256, Token);
        Assert.Equal(length, await upload.AppendLastAsync(SampleImages.Body(bytes), isSaid ? length : null, Token));
        Assert.Null(await upload.CommitAsync(digest, Token));
        await using var blob = await Repository.Blobs.OpenAsync(digest, Token);
        var read = new byte[length + 1];
        Assert.Equal(length, await blob!.ReadAsync(0, read, Token));
        Assert.Equal(bytes, read[..length]);
        Assert.Null(await FolderAsync());
    }

    [Fact]
    public async Task The_first_byte_that_is_not_the_last_makes_the_folder()
    {
        var begun = await BeginAsync();
        Assert.Null(await FolderAsync());
        await using (var upload = await Uploads.ResumeAsync(begun.Id, begun.StartedAt, Token))
            Assert.Equal(7, await upload!.AppendAsync(SampleImages.Body(Content), Token));
        Assert.NotNull(await FolderAsync());
        Assert.Equal(begun with { Size = 7 }, await new StorageRegistry(_driver, Options).GetRepository(Name).Uploads.GetStatusAsync(begun.Id, Token));
    }

    [Fact]
    public async Task Whoever_knows_that_it_was_begun_goes_on_with_it_anywhere()
    {
        var begun = await BeginAsync();
        var elsewhere = new StorageRegistry(_driver, Options).GetRepository(Name).Uploads;
        Assert.Equal(begun, await elsewhere.GetStatusAsync(begun.Id, begun.StartedAt, Token));
        await using var upload = await elsewhere.ResumeAsync(begun.Id, begun.StartedAt, Token);
        await upload!.AppendLastAsync(SampleImages.Body(Content), Content.Length, Token);
        Assert.Null(await upload.CommitAsync(Digest, Token));
        Assert.Equal(7, await Repository.Blobs.GetSizeAsync(Digest, Token));
    }

    [Fact]
    public async Task Whoever_does_not_know_finds_nothing_and_so_does_who_comes_after_a_week()
    {
        var begun = await BeginAsync();
        Assert.Null(await Uploads.ResumeAsync(begun.Id, Token));
        Assert.Null(await Uploads.GetStatusAsync(begun.Id, Token));
        Assert.Null(await Uploads.ResumeAsync(begun.Id, DateTimeOffset.UtcNow.AddDays(-8), Token));
    }

    [Fact]
    public async Task One_that_ended_does_not_begin_again()
    {
        var (committed, cancelled, wrong) = (await BeginAsync(), await BeginAsync(), await BeginAsync());
        await using (var upload = await Uploads.ResumeAsync(committed.Id, committed.StartedAt, Token))
        {
            await upload!.AppendLastAsync(SampleImages.Body(Content), Content.Length, Token);
            Assert.Null(await upload.CommitAsync(Digest, Token));
        }
        await using (var upload = await Uploads.ResumeAsync(cancelled.Id, cancelled.StartedAt, Token))
            await upload!.CancelAsync(Token);
        await using (var upload = await Uploads.ResumeAsync(wrong.Id, wrong.StartedAt, Token))
        {
            await upload!.AppendLastAsync(SampleImages.Body(Content), Content.Length, Token);
            Assert.Equal(Digest, await upload.CommitAsync(Digest.OfContent("other"u8.ToArray()), Token));
        }
        foreach (var over in new[] { committed, cancelled, wrong })
        {
            Assert.Null(await Uploads.GetStatusAsync(over.Id, over.StartedAt, Token));
            Assert.Null(await Uploads.ResumeAsync(over.Id, over.StartedAt, Token));
        }
        Assert.Null(await FolderAsync());
    }

    [Fact]
    public async Task Behind_the_last_bytes_come_no_more()
    {
        await using var upload = await Uploads.StartAsync(DigestAlgorithm.Sha256, Token);
        await upload.AppendLastAsync(SampleImages.Body(Content), Content.Length, Token);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await upload.AppendAsync(SampleImages.Body(Content), Token));
        Assert.Null(await upload.CommitAsync(Digest, Token));
    }

    [Fact]
    public async Task What_comes_in_pieces_is_put_together_and_when_too_many_wait_for_theirs_the_next_are_written()
    {
        var leases = new UploadLeases();
        for (var waiting = 0; waiting < 256; waiting++)
            Assert.True(leases.TryWaitInMemory());
        Assert.False(leases.TryWaitInMemory());
        var store = new UploadStore(Name, _driver, new RepositoryLeases(), leases, inFolders: false);
        foreach (var isWritten in new[] { true, false })
        {
            await using var upload = await store.StartAsync(DigestAlgorithm.Sha256, Token);
            var pipe = new Pipe();
            var appended = upload.AppendLastAsync(pipe.Reader, Content.Length, Token).AsTask();
            await pipe.Writer.WriteAsync(Content.AsMemory(0, 3), Token);
            await pipe.Writer.WriteAsync(Content.AsMemory(3), Token);
            await pipe.Writer.CompleteAsync();
            Assert.Equal(7, await appended);
            Assert.Equal(isWritten, await FolderAsync() is not null);
            Assert.Null(await upload.CommitAsync(Digest, Token));
            Assert.Equal(7, await Repository.Blobs.GetSizeAsync(Digest, Token));
            leases.EndWaitInMemory();
        }
    }

    [Fact]
    public async Task A_purge_forgets_what_was_begun_and_has_no_folder()
    {
        var leases = new UploadLeases();
        await using (await new UploadStore(Name, _driver, new RepositoryLeases(), leases, inFolders: false).StartAsync(DigestAlgorithm.Sha256, Token))
        {
        }
        Assert.Equal((0, 1), leases.Count());
        foreach (var (olderThan, left) in new[] { (-1, 1), (1, 0) })
        {
            await new Maintenance.UploadPurger(_driver, leases).PurgeAsync(DateTimeOffset.UtcNow.AddMinutes(olderThan), dryRun: false, Token).ToListAsync(Token);
            Assert.Equal((0, left), leases.Count());
        }
    }

    [Fact]
    public async Task Last_bytes_that_no_commit_follows_are_lost_and_the_upload_is_as_it_was()
    {
        var begun = await BeginAsync();
        await using (var upload = await Uploads.ResumeAsync(begun.Id, begun.StartedAt, Token))
            await upload!.AppendLastAsync(SampleImages.Body(Content), Content.Length, Token);
        Assert.Equal(begun, await Uploads.GetStatusAsync(begun.Id, begun.StartedAt, Token));
        Assert.Null(await FolderAsync());
    }

    [Fact]
    public async Task Where_folders_are_made_at_once_nobody_is_believed_without_one()
    {
        var begun = await BeginAsync();
        var shared = new StorageRegistry(_driver).GetRepository(Name).Uploads;
        Assert.Null(await shared.ResumeAsync(begun.Id, begun.StartedAt, Token));
        await using var upload = await shared.StartAsync(DigestAlgorithm.Sha256, Token);
        Assert.NotNull(await FolderAsync());
    }

    private async Task<UploadStatus> BeginAsync()
    {
        await using var upload = await Uploads.StartAsync(DigestAlgorithm.Sha256, Token);
        return new UploadStatus(upload.Id, 0, upload.StartedAt);
    }

    /// <summary>What is below <c>_uploads</c>; null when nothing is.</summary>
    private async Task<string?> FolderAsync()
    {
        await foreach (var entry in _driver.ListAsync($"docker/registry/v2/repositories/{Name}/_uploads", Token))
            return entry.Name;
        return null;
    }
}
