using System.IO.Pipelines;
using System.Text;
using PSRegistry.Oci;
using Xunit;

namespace PSRegistry.Testing.Storage;

public abstract partial class RepositorySuite
{
    [Fact]
    public async Task An_upload_grows_with_every_append_and_becomes_a_blob()
    {
        await using var upload = await Repository.Uploads.StartAsync(DigestAlgorithm.Sha256, Token);
        Assert.Equal(0, upload.Size);
        Assert.InRange(upload.StartedAt, DateTimeOffset.UtcNow.AddMinutes(-2), DateTimeOffset.UtcNow.AddMinutes(1));
        Assert.Equal(4, await upload.AppendAsync(SampleImages.Body("one,"u8.ToArray()), Token));
        Assert.Equal(0, await upload.AppendAsync(SampleImages.Body(ReadOnlyMemory<byte>.Empty), Token));
        Assert.Equal(3, await upload.AppendAsync(SampleImages.Body("two"u8.ToArray()), Token));
        Assert.Equal(7, upload.Size);
        Assert.Equal(new UploadStatus(upload.Id, 7, upload.StartedAt), await Repository.Uploads.GetStatusAsync(upload.Id, Token));
        Assert.Null(await upload.CommitAsync(Digest.OfContent("one,two"u8.ToArray()), Token));
        Assert.Equal("one,two", await ReadAsync(Repository, Digest.OfContent("one,two"u8.ToArray())));
    }

    [Fact]
    public async Task An_upload_that_ended_is_unknown()
    {
        var committed = await StartAsync("content");
        await using (var upload = await Repository.Uploads.ResumeAsync(committed, Token))
            Assert.Null(await upload!.CommitAsync(Digest.OfContent("content"u8.ToArray()), Token));
        var cancelled = await StartAsync("content");
        await using (var upload = await Repository.Uploads.ResumeAsync(cancelled, Token))
            await upload!.CancelAsync(Token);
        foreach (var id in new[] { committed, cancelled, UploadId.Create() })
        {
            Assert.Null(await Repository.Uploads.GetStatusAsync(id, Token));
            Assert.Null(await Repository.Uploads.ResumeAsync(id, Token));
        }
    }

    [Fact]
    public async Task An_upload_belongs_to_its_repository()
    {
        var id = await StartAsync("content");
        Assert.Null(await Repo("other").Uploads.ResumeAsync(id, Token));
        Assert.Null(await Repo("other").Uploads.GetStatusAsync(id, Token));
        Assert.Equal(7, (await Repository.Uploads.GetStatusAsync(id, Token))!.Size);
    }

    [Fact]
    public async Task A_cancelled_upload_leaves_no_blob()
    {
        await using var upload = await Repository.Uploads.StartAsync(DigestAlgorithm.Sha256, Token);
        await upload.AppendAsync(SampleImages.Body("content"u8.ToArray()), Token);
        await upload.CancelAsync(Token);
        Assert.Null(await ReadAsync(Repository, Digest.OfContent("content"u8.ToArray())));
        Assert.False(await Repository.ExistsAsync(Token));
    }

    [Theory]
    [InlineData("sha256")]
    [InlineData("sha512")]
    public async Task A_wrong_digest_is_answered_with_the_right_one_and_discards_the_upload(string algorithm)
    {
        var id = await StartAsync("content");
        var right = DigestAlgorithm.Find(algorithm)!.Compute("content"u8.ToArray());
        await using (var upload = await Repository.Uploads.ResumeAsync(id, Token))
            Assert.Equal(right, await upload!.CommitAsync(DigestAlgorithm.Find(algorithm)!.Compute("other"u8.ToArray()), Token));
        Assert.Null(await Repository.Uploads.ResumeAsync(id, Token));
        Assert.Null(await Repository.Blobs.GetSizeAsync(right, Token));
    }

    [Theory]
    [InlineData("sha256", "sha512")]
    [InlineData("sha512", "sha256")]
    [InlineData("sha384", "sha512")]
    public async Task An_upload_may_end_with_another_algorithm_than_it_began_with(string began, string ended)
    {
        await using var upload = await Repository.Uploads.StartAsync(DigestAlgorithm.Find(began)!, Token);
        await upload.AppendAsync(SampleImages.Body("content"u8.ToArray()), Token);
        var digest = DigestAlgorithm.Find(ended)!.Compute("content"u8.ToArray());
        Assert.Null(await upload.CommitAsync(digest, Token));
        Assert.Equal("content", await ReadAsync(Repository, digest));
    }

    [Theory]
    [InlineData("")]
    [InlineData("first,")]
    public async Task An_upload_goes_on_after_a_restart(string before)
    {
        var id = await StartAsync(before);
        var repository = Reopen().GetRepository(Repository.Name);
        Assert.Equal(before.Length, (await repository.Uploads.GetStatusAsync(id, Token))!.Size);
        await using (var upload = await repository.Uploads.ResumeAsync(id, Token))
        {
            Assert.Equal((id, (long)before.Length), (upload!.Id, upload.Size));
            Assert.Equal(6, await upload.AppendAsync(SampleImages.Body("second"u8.ToArray()), Token));
        }
        var digest = Digest.OfContent(Encoding.UTF8.GetBytes(before + "second"));
        await using (var upload = await repository.Uploads.ResumeAsync(id, Token))
            Assert.Null(await upload!.CommitAsync(digest, Token));
        Assert.Equal(before + "second", await ReadAsync(Repository, digest));
    }

    [Fact]
    public async Task An_upload_that_two_servers_append_to_in_turn_has_the_digest_of_all()
    {
        var id = await StartAsync("a");
        var repositories = new[] { Reopen().GetRepository(Repository.Name), Repository };
        for (var round = 0; round < 4; round++)
        {
            await using var upload = await repositories[round % 2].Uploads.ResumeAsync(id, Token);
            await upload!.AppendAsync(SampleImages.Body(Encoding.UTF8.GetBytes($"{round}")), Token);
        }
        await using var last = await Repository.Uploads.ResumeAsync(id, Token);
        Assert.Null(await last!.CommitAsync(Digest.OfContent("a0123"u8.ToArray()), Token));
    }

    [Fact]
    public async Task What_arrived_before_a_client_went_away_is_kept()
    {
        var id = await StartAsync("");
        await using (var upload = await Repository.Uploads.ResumeAsync(id, Token))
        {
            var body = new Pipe();
            await body.Writer.WriteAsync("arrived"u8.ToArray(), Token);
            var append = upload!.AppendAsync(body.Reader, Token).AsTask();
            while ((await Repository.Uploads.GetStatusAsync(id, Token))!.Size < 7)
                await Task.Delay(5, Token);
            await body.Writer.CompleteAsync(new IOException("the client went away"));
            await Assert.ThrowsAsync<IOException>(() => append);
            Assert.Equal(7, upload.Size);
        }
        await using var resumed = await Repository.Uploads.ResumeAsync(id, Token);
        await resumed!.AppendAsync(SampleImages.Body(", and the rest"u8.ToArray()), Token);
        Assert.Null(await resumed.CommitAsync(Digest.OfContent("arrived, and the rest"u8.ToArray()), Token));
    }

    [Fact]
    public async Task An_append_that_is_cancelled_keeps_what_arrived()
    {
        await using var upload = await Repository.Uploads.StartAsync(DigestAlgorithm.Sha256, Token);
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var body = new Pipe();
        await body.Writer.WriteAsync("arrived"u8.ToArray(), Token);
        var append = upload.AppendAsync(body.Reader, cancel.Token).AsTask();
        while ((await Repository.Uploads.GetStatusAsync(upload.Id, Token))!.Size < 7)
            await Task.Delay(5, Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => append);
        Assert.Equal(7, upload.Size);
        Assert.Null(await upload.CommitAsync(Digest.OfContent("arrived"u8.ToArray()), Token));
    }

    [Fact]
    public async Task Who_resumes_an_upload_waits_for_who_holds_it_and_may_give_up()
    {
        var holder = await Repository.Uploads.StartAsync(DigestAlgorithm.Sha256, Token);
        using (var impatient = CancellationTokenSource.CreateLinkedTokenSource(Token))
        {
            var gaveUp = Repository.Uploads.ResumeAsync(holder.Id, impatient.Token).AsTask();
            await impatient.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gaveUp);
        }
        var waiting = Repository.Uploads.ResumeAsync(holder.Id, Token).AsTask();
        Assert.NotNull(await Repository.Uploads.GetStatusAsync(holder.Id, Token));
        await holder.AppendAsync(SampleImages.Body("one,"u8.ToArray()), Token);
        await Task.Delay(50, Token);
        Assert.False(waiting.IsCompleted);
        await holder.DisposeAsync();
        await using var next = await waiting;
        Assert.Equal(4, next!.Size);
        await next.AppendAsync(SampleImages.Body("two"u8.ToArray()), Token);
        Assert.Null(await next.CommitAsync(Digest.OfContent("one,two"u8.ToArray()), Token));
    }

    [Fact]
    public async Task A_large_upload_in_many_pieces_has_the_digest_of_the_whole()
    {
        var content = new byte[3 * 1024 * 1024 + 1];
        new Random(7).NextBytes(content);
        await using var upload = await Repository.Uploads.StartAsync(DigestAlgorithm.Sha512, Token);
        foreach (var piece in content.Chunk(1_234_567))
            Assert.Equal(piece.Length, await upload.AppendAsync(PipeReader.Create(new MemoryStream(piece)), Token));
        var digest = DigestAlgorithm.Sha512.Compute(content);
        Assert.Null(await upload.CommitAsync(digest, Token));
        await using var blob = await Repository.Blobs.OpenAsync(digest, Token);
        var tail = new byte[100];
        Assert.Equal(50, await blob!.ReadAsync(content.Length - 50, tail, Token));
        Assert.Equal(content.AsSpan(^50..), tail.AsSpan(0, 50));
    }

    private async Task<UploadId> StartAsync(string content)
    {
        await using var upload = await Repository.Uploads.StartAsync(DigestAlgorithm.Sha256, Token);
        if (content.Length > 0)
            await upload.AppendAsync(SampleImages.Body(Encoding.UTF8.GetBytes(content)), Token);
        return upload.Id;
    }
}
