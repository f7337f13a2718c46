using PSRegistry.Oci;
using PSRegistry.Storage.Drivers;
using PSRegistry.Testing.Storage;

namespace PSRegistry.Storage.Tests;

/// <summary>Pushes and deletes at once, in one process and in two: two registries over one folder share nothing but the folder.</summary>
public sealed class RaceTests : IDisposable
{
    private static readonly RepositoryName Name = RepositoryName.Parse("race/app");
    private static readonly Tag[] Tags = [Tag.Parse("a"), Tag.Parse("b"), Tag.Parse("c")];
    private readonly StorageFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_tag_never_outlives_its_manifest(int processes)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var registries = Enumerable.Range(0, processes).Select(_ => new StorageRegistry(new FileSystemDriver(_folder.FullPath))).ToArray();
        var images = new List<Manifest>();
        for (var i = 0; i < 3; i++)
            images.Add(await PushContentAsync(registries[0].GetRepository(Name), i, cancellation));

        await Task.WhenAll(Enumerable.Range(0, 6).Select(worker => Task.Run(
            () => WorkAsync(registries[worker % processes].GetRepository(Name), images, worker, cancellation), cancellation)));

        foreach (var registry in registries)
            await EveryTagCanBePulledAsync(registry.GetRepository(Name), cancellation);
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(5, true)]
    [InlineData(int.MaxValue, false)]
    public async Task A_push_that_a_delete_undoes_is_made_again(int deletes, bool isTagged)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var driver = new MemoryDriver();
        var other = new StorageRegistry(driver).GetRepository(Name);
        var image = await PushContentAsync(other, 0, cancellation);
        var digest = Digest.OfContent(image.Content);
        var registry = new StorageRegistry(new InterruptedDriver(driver)
        {
            AfterChanges = async () =>
            {
                if (deletes-- > 0)
                    Assert.True(await other.Manifests.DeleteAsync(digest, cancellation));
            },
        });
        Assert.Empty(await registry.GetRepository(Name).Manifests.PutAsync(image, digest, [Tags[0]], cancellation));
        Assert.NotNull(await other.Manifests.GetAsync(digest, cancellation));
        Assert.Equal(isTagged ? digest : null, await other.Tags.ResolveAsync(Tags[0], cancellation));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_push_during_a_delete_stays_whole(bool isLate)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var driver = new MemoryDriver();
        var other = new StorageRegistry(driver).GetRepository(Name);
        var image = await PushContentAsync(other, 0, cancellation);
        var digest = Digest.OfContent(image.Content);
        Assert.Empty(await other.Manifests.PutAsync(image, digest, [Tags[0]], cancellation));
        var revision = isLate ? StoragePaths.Revision(Name, digest) : StoragePaths.TagFolder(Name, Tags[0]);
        var registry = new StorageRegistry(new InterruptedDriver(driver)
        {
            AfterDeletion = async path =>
            {
                if (path == revision)
                    Assert.Empty(await other.Manifests.PutAsync(image, digest, [Tags[1]], cancellation));
            },
        });
        Assert.True(await registry.GetRepository(Name).Manifests.DeleteAsync(digest, cancellation));
        // Before the revision went, the push came first; after it, the delete did.
        Assert.Equal(isLate, await other.Manifests.GetAsync(digest, cancellation) is not null);
        Assert.Null(await other.Tags.ResolveAsync(Tags[0], cancellation));
        Assert.Equal(isLate ? digest : null, await other.Tags.ResolveAsync(Tags[1], cancellation));
    }

    [Fact]
    public async Task Two_pushes_of_one_blob_both_succeed()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var registries = new[] { new StorageRegistry(new FileSystemDriver(_folder.FullPath)), new StorageRegistry(new FileSystemDriver(_folder.FullPath)) };
        for (var round = 0; round < 20; round++)
        {
            var content = BitConverter.GetBytes(round);
            var digests = await Task.WhenAll(Enumerable.Range(0, 4).Select(
                worker => Task.Run(() => PushAsync(registries[worker % 2].GetRepository(Name), content, cancellation), cancellation)));
            await using var blob = await registries[0].GetRepository(Name).Blobs.OpenAsync(digests.Distinct().Single(), cancellation);
            var read = new byte[16];
            Assert.Equal(content.Length, await blob!.ReadAsync(0, read, cancellation));
            Assert.Equal(content, read[..content.Length]);
        }
    }

    /// <summary>Even workers push, odd ones delete by digest or by tag.</summary>
    private static async Task WorkAsync(IRepository repository, List<Manifest> images, int worker, CancellationToken cancellation)
    {
        for (var round = 0; round < 60; round++)
        {
            var image = images[(round + worker) % images.Count];
            var digest = Digest.OfContent(image.Content);
            if (worker % 2 == 0)
                Assert.Empty(await repository.Manifests.PutAsync(image, digest, [Tags[round % Tags.Length]], cancellation));
            else if (worker == 1)
                await repository.Tags.DeleteAsync(Tags[round % Tags.Length], cancellation);
            else
                await repository.Manifests.DeleteAsync(digest, cancellation);
        }
    }

    private static async Task EveryTagCanBePulledAsync(IRepository repository, CancellationToken cancellation)
    {
        await foreach (var tag in repository.Tags.ListAsync(null, cancellation))
        {
            var digest = await repository.Tags.ResolveAsync(tag, cancellation);
            Assert.NotNull(digest);
            Assert.NotNull(await repository.Manifests.GetAsync(digest, cancellation));
        }
    }

    private static async Task<Manifest> PushContentAsync(IRepository repository, int number, CancellationToken cancellation)
    {
        var config = await PushAsync(repository, System.Text.Encoding.ASCII.GetBytes($$"""{"number":{{number}}}"""), cancellation);
        var text = $$"""{"schemaVersion":2,"mediaType":"{{MediaTypes.OciManifest}}","config":{"mediaType":"{{MediaTypes.OciConfig}}","digest":"{{config}}","size":12},"layers":[]}""";
        Assert.True(Manifest.TryParse(System.Text.Encoding.ASCII.GetBytes(text), MediaTypes.OciManifest, out var manifest, out var fault), fault);
        return manifest;
    }

    private static async Task<Digest> PushAsync(IRepository repository, byte[] content, CancellationToken cancellation)
    {
        var digest = Digest.OfContent(content);
        await using var session = await repository.Uploads.StartAsync(DigestAlgorithm.Sha256, cancellation);
        await session.AppendAsync(System.IO.Pipelines.PipeReader.Create(new System.Buffers.ReadOnlySequence<byte>(content)), cancellation);
        Assert.Null(await session.CommitAsync(digest, cancellation));
        return digest;
    }
}
