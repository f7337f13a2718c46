using PSRegistry.Client.Tests.Remote;
using PSRegistry.Oci;
using PSRegistry.Storage;
using PSRegistry.Storage.Drivers;
using PSRegistry.Testing;
using PSRegistry.Testing.Storage;

namespace PSRegistry.Client.Tests.Copying;

public sealed class ImageCopierTests(RealImages images)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("ours", "original")]
    [InlineData("original", "ours")]
    public async Task All_platforms_are_copied_and_a_second_time_nothing(string from, string to)
    {
        await using var source = await AnyRegistry.StartAsync(from);
        await using var target = await AnyRegistry.StartAsync(to);
        using var sourceClient = Clients.Of(source.Address);
        using var targetClient = Clients.Of(target.Address);
        var (fromRepository, toRepository) = (sourceClient.GetRepository(Clients.Repository), targetClient.GetRepository(RepositoryName.Parse("copy")));
        var digest = await PushAsync(fromRepository);
        var progress = new Latest();
        var first = await new ImageCopier(new CopyOptions { Progress = progress }).CopyAsync(fromRepository, digest, toRepository, [Copies.V1], Token);
        Assert.Equal(digest, first.Manifest.Digest);
        Assert.Equal(digest, await toRepository.Tags.ResolveAsync(Copies.V1, Token));
        Assert.Equal(first.Size, first.Sent);
        Assert.Equal((first.Size, first.Size), (progress.Value!.BytesDone, progress.Value.BytesTotal));
        Assert.Equal(progress.Value.BlobsTotal, progress.Value.BlobsDone);
        var second = await new ImageCopier().CopyAsync(fromRepository, digest, toRepository, [Copies.V1], Token);
        Assert.Equal(0, second.Sent);
    }

    [Theory]
    [InlineData("ours")]
    [InlineData("original")]
    public async Task Within_a_registry_nothing_is_sent(string kind)
    {
        await using var registry = await AnyRegistry.StartAsync(kind);
        using var client = Clients.Of(registry.Address);
        var source = client.GetRepository(Clients.Repository);
        var digest = await PushAsync(source);
        var copied = await new ImageCopier().CopyAsync(source, digest, client.GetRepository(RepositoryName.Parse("copy")), [Copies.V1], Token);
        Assert.Equal(0, copied.Sent);
        Assert.True(copied.Mounted > 0);
    }

    [Fact]
    public async Task One_platform_of_an_index_is_copied_itself()
    {
        await using var registry = await AnyRegistry.StartAsync("ours");
        using var client = Clients.Of(registry.Address);
        var source = client.GetRepository(Clients.Repository);
        var digest = await PushAsync(source);
        var target = client.GetRepository(RepositoryName.Parse("copy"));
        await new ImageCopier(new CopyOptions { Platforms = ["linux/arm64"] }).CopyAsync(source, digest, target, [Copies.V1], Token);
        var arm64 = (await source.ManifestAsync()).Manifests.Single(child => child.Platform?.Architecture == "arm64");
        Assert.Equal(arm64.Digest, await target.Tags.ResolveAsync(Copies.V1, Token));
    }

    [Fact]
    public async Task Several_platforms_of_an_index_become_an_index_with_their_attestations()
    {
        await using var registry = await AnyRegistry.StartAsync("ours");
        using var client = Clients.Of(registry.Address);
        var source = client.GetRepository(Clients.Repository);
        var digest = await PushAsync(source);
        var target = client.GetRepository(RepositoryName.Parse("copy"));
        var all = await new ImageCopier(new CopyOptions { Platforms = ["linux/arm64", "linux/amd64"] }).CopyAsync(source, digest, target, [Copies.V1], Token);
        Assert.Equal(digest, all.Manifest.Digest);
    }

    [Fact]
    public async Task A_platform_that_an_index_does_not_have_is_named_with_those_that_it_has()
    {
        await using var registry = await AnyRegistry.StartAsync("ours");
        using var client = Clients.Of(registry.Address);
        var source = client.GetRepository(Clients.Repository);
        var digest = await PushAsync(source);
        var fault = await Assert.ThrowsAsync<ArchiveException>(async () => await new ImageCopier(new CopyOptions { Platforms = ["plan9/386"] })
            .CopyAsync(source, digest, client.GetRepository(RepositoryName.Parse("copy")), [], Token));
        Assert.Contains("plan9/386", fault.Message, StringComparison.Ordinal);
        Assert.Contains("linux/amd64, linux/arm64", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Referrers_come_along_on_request(bool wanted)
    {
        await using var from = await AnyRegistry.StartAsync("ours");
        await using var to = await AnyRegistry.StartAsync("original");
        using var fromClient = Clients.Of(from.Address);
        using var toClient = Clients.Of(to.Address);
        var source = fromClient.GetRepository(Clients.Repository);
        var subject = await source.DescribeAsync(await source.PushImageAsync("x", Token, "v1"), Token);
        var empty = await source.PushBlobAsync("{}", Token);
        var signature = await source.PushManifestAsync(
            SampleImages.Image(empty, [empty], $$""","artifactType":"application/signature","subject":{{SampleImages.Json(subject!)}}"""), Token);
        var target = toClient.GetRepository(Clients.Repository);
        await new ImageCopier(new CopyOptions { WithReferrers = wanted }).CopyAsync(source, subject!.Digest, target, [Copies.V1], Token);
        var copied = (await target.ListReferrersAsync(subject.Digest, Token).ToListAsync(Token)).ConvertAll(referrer => referrer.Digest);
        Assert.Equal(wanted ? [signature] : [], copied);
    }

    [Fact]
    public async Task A_data_folder_is_copied_to_a_registry_without_a_server()
    {
        await using var registry = await AnyRegistry.StartAsync("ours");
        using var client = Clients.Of(registry.Address);
        var folder = new StorageRegistry(new MemoryDriver()).GetRepository(Clients.Repository);
        var digest = await folder.PushImageAsync("x", Token, "v1");
        var target = client.GetRepository(RepositoryName.Parse("copy"));
        await new ImageCopier().CopyAsync(folder, digest, target, [Copies.V1], Token);
        Assert.Equal(digest, await target.Tags.ResolveAsync(Copies.V1, Token));
        var back = new StorageRegistry(new MemoryDriver()).GetRepository(Clients.Repository);
        await new ImageCopier().CopyAsync(target, digest, back, [Copies.V1], Token);
        Assert.Equal(digest, await back.Tags.ResolveAsync(Copies.V1, Token));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_saved_layout_is_what_skopeo_reads_and_what_we_publish(bool asTar)
    {
        await using var registry = await AnyRegistry.StartAsync("ours");
        await using var folder = new TemporaryFolder();
        await using var skopeo = new Skopeo();
        using var client = Clients.Of(registry.Address);
        var source = client.GetRepository(Clients.Repository);
        var digest = await PushAsync(source);
        var path = folder["saved"];
        await using (var tar = asTar ? File.Create(path) : Stream.Null)
        {
            await using var writer = asTar ? OciLayoutWriter.ToTar(tar) : await OciLayoutWriter.OpenFolderAsync(path, Token);
            await new ImageCopier().SaveAsync(source, digest, writer, "v1", Token);
            await writer.FinishAsync(Token);
        }
        var raw = await skopeo.InspectRawAsync($"{(asTar ? "oci-archive" : "oci")}:{path}:v1", Token);
        Assert.Equal(digest, Digest.OfContent(raw));
        var again = await Copies.PublishAsync(path, client.GetRepository(RepositoryName.Parse("again")));
        Assert.Equal(digest, again.Manifest.Digest);
    }

    [Fact]
    public async Task A_second_image_is_saved_beside_the_first()
    {
        await using var folder = new TemporaryFolder();
        var source = new StorageRegistry(new MemoryDriver()).GetRepository(Clients.Repository);
        foreach (var name in new[] { "one", "two", "two" })
        {
            await using var writer = await OciLayoutWriter.OpenFolderAsync(folder["layout"], Token);
            await new ImageCopier().SaveAsync(source, await source.PushImageAsync(name, Token), writer, name, Token);
            await writer.FinishAsync(Token);
        }
        await using var archive = await ImageArchive.OpenAsync(folder["layout"], cancellationToken: Token);
        Assert.Equal(["one", "two"], archive.Images.SelectMany(image => image.Names));
    }

    [Fact]
    public async Task A_cancelled_copy_leaves_no_tag_and_no_upload()
    {
        await using var data = new TemporaryFolder();
        await using var registry = await TestRegistry.StartAsync(data);
        using var client = Clients.Of(registry.Http.Address);
        var source = new StorageRegistry(new MemoryDriver()).GetRepository(Clients.Repository);
        var layer = await source.PushBlobAsync(new string('x', 20_000_000), Token);
        var config = await source.PushBlobAsync("{}", Token);
        var digest = await source.PushManifestAsync(SampleImages.Image(config, [layer]), Token, "v1");
        var target = client.GetRepository(Clients.Repository);
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var stop = new Latest
        {
            OnReport = progress =>
            {
                if (progress.BytesDone > 1_000_000)
                    cancel.Cancel();
            },
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await new ImageCopier(new CopyOptions { Progress = stop }).CopyAsync(source, digest, target, [Copies.V1], cancel.Token));
        Assert.Null(await target.Tags.ResolveAsync(Copies.V1, Token));
        Assert.Null(await target.Blobs.GetSizeAsync(layer.Digest, Token));
        var uploads = data["docker", "registry", "v2", "repositories", "library", "app", "_uploads"];
        Assert.True(Directory.Exists(uploads));
        Assert.Empty(Directory.EnumerateFileSystemEntries(uploads));
    }

    private async Task<Digest> PushAsync(RemoteRepository repository) =>
        (await Copies.PublishAsync((await images.MultiPlatformAsync()).Layout.Folder, repository)).Manifest.Digest;

    private sealed class Latest : IProgress<CopyProgress>
    {
        public CopyProgress? Value { get; private set; }

        public Action<CopyProgress> OnReport { get; init; } = _ => { };

        public void Report(CopyProgress value)
        {
            lock (this)
            {
                if (Value is null || value.BlobsDone >= Value.BlobsDone)
                    Value = value;
            }
            OnReport(value);
        }
    }
}
