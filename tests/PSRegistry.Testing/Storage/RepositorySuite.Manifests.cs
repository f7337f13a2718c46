using System.Text;
using PSRegistry.Oci;
using Xunit;

namespace PSRegistry.Testing.Storage;

public abstract partial class RepositorySuite
{
    [Theory]
    [InlineData(MediaTypes.OciManifest, MediaTypes.OciConfig)]
    [InlineData(MediaTypes.OciManifest, "application/vnd.example.artifact+json")]
    [InlineData(MediaTypes.DockerManifest, "application/vnd.docker.container.image.v1+json")]
    [InlineData(null, MediaTypes.OciConfig)]
    public async Task An_image_comes_back_byte_for_byte_with_its_type(string? type, string configType)
    {
        var config = await Repository.PushBlobAsync("{}", Token, type: configType);
        var layers = new[] { await Repository.PushBlobAsync("one", Token), await Repository.PushBlobAsync("two", Token, DigestAlgorithm.Sha512) };
        var text = SampleImages.Image(config, layers, ",  \"x\" : [1]", type);
        await AssertStoredAsync(text, await Repository.PushManifestAsync(text, Token), type ?? MediaTypes.OciManifest);
    }

    [Theory]
    [InlineData(MediaTypes.OciIndex)]
    [InlineData(MediaTypes.DockerManifestList)]
    [InlineData(null)]
    public async Task An_index_comes_back_byte_for_byte_with_its_type(string? type)
    {
        var children = new[] { await ImageAsync("arm"), await ImageAsync("amd") };
        var text = SampleImages.Index(children, type: type);
        await AssertStoredAsync(text, await Repository.PushManifestAsync(text, Token), type ?? MediaTypes.OciIndex);
        var nested = SampleImages.Index([new Descriptor(type ?? MediaTypes.OciIndex, Digest.OfContent(Encoding.UTF8.GetBytes(text)), text.Length)]);
        await AssertStoredAsync(nested, await Repository.PushManifestAsync(nested, Token), MediaTypes.OciIndex);
    }

    [Theory]
    [InlineData("sha384")]
    [InlineData("sha512")]
    public async Task A_manifest_may_be_pushed_by_a_longer_digest(string algorithm)
    {
        var content = Encoding.UTF8.GetBytes(SampleImages.Index([]));
        var digest = DigestAlgorithm.Find(algorithm)!.Compute(content);
        Assert.True(Manifest.TryParse(content, null, out var manifest, out _));
        Assert.Empty(await Repository.Manifests.PutAsync(manifest, digest, [Tag.Parse("long")], Token));
        Assert.Equal(digest, await Repository.Tags.ResolveAsync(Tag.Parse("long"), Token));
        Assert.Equal(digest, (await Repository.Manifests.GetAsync(digest, Token))!.Digest);
        Assert.Equal([digest], await Repository.Manifests.ListAsync(Token).ToListAsync(Token));
        Assert.True(await Repository.Manifests.DeleteAsync(digest, Token));
        Assert.Null(await Repository.Tags.ResolveAsync(Tag.Parse("long"), Token));
    }

    [Fact]
    public async Task Every_missing_reference_is_named_and_nothing_is_stored()
    {
        var there = await Repository.PushBlobAsync("there", Token);
        var missing = Enumerable.Range(0, 3).Select(number => new Descriptor(SampleImages.LayerType, SampleImages.Unknown($"{number}"), 5)).ToArray();
        var text = SampleImages.Image(missing[0], [there, missing[1], missing[2]]);
        var errors = await Repository.TryPushManifestAsync(text, Token, "latest");
        Assert.All(errors, error => Assert.Same(ErrorCode.ManifestBlobUnknown, error.Code));
        Assert.Equal(missing.Select(blob => blob.Digest.ToString()), errors.Select(error => error.Detail.Single(pair => pair.Name == "digest").Value));
        Assert.Null(await Repository.Tags.ResolveAsync(Tag.Parse("latest"), Token));
        Assert.Null(await Repository.Manifests.GetAsync(Digest.OfContent(Encoding.UTF8.GetBytes(text)), Token));
    }

    [Fact]
    public async Task Every_missing_child_of_an_index_is_named()
    {
        var there = await ImageAsync("there");
        var missing = new Descriptor(MediaTypes.OciManifest, SampleImages.Unknown("child"), 5) { Platform = new Platform("linux", "arm64") };
        var error = Assert.Single(await Repository.TryPushManifestAsync(SampleImages.Index([there, missing]), Token));
        Assert.Same(ErrorCode.ManifestBlobUnknown, error.Code);
        Assert.Contains(missing.Digest.ToString(), error.Message, StringComparison.Ordinal);
        Assert.Contains("linux/arm64", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reference_held_by_another_repository_only_is_missing()
    {
        var config = await Repo("other").PushBlobAsync("{}", Token);
        Assert.Single(await Repository.TryPushManifestAsync(SampleImages.Image(config, []), Token));
        await Repository.Blobs.MountAsync(config.Digest, Repo("other").Name, Token);
        await Repository.PushManifestAsync(SampleImages.Image(config, []), Token);
    }

    [Theory]
    [InlineData("application/vnd.docker.image.rootfs.foreign.diff.tar.gzip", true)]
    [InlineData("application/vnd.oci.image.layer.nondistributable.v1.tar+gzip", true)]
    [InlineData(SampleImages.LayerType, false)]
    public async Task A_foreign_layer_with_a_url_need_not_be_here(string type, bool accepted)
    {
        var config = await Repository.PushBlobAsync("{}", Token);
        var layer = new Descriptor(type, SampleImages.Unknown("foreign"), 5) { Urls = ["https://example.com/layer"] };
        Assert.Equal(accepted, (await Repository.TryPushManifestAsync(SampleImages.Image(config, [layer]), Token)).IsEmpty);
        Assert.False((await Repository.TryPushManifestAsync(SampleImages.Image(config, [layer with { Urls = [] }]), Token)).IsEmpty);
    }

    [Fact]
    public async Task A_build_cache_lists_its_layers_as_manifests()
    {
        var layer = await Repository.PushBlobAsync("cached", Token);
        var config = await Repository.PushBlobAsync("{}", Token, type: "application/vnd.buildkit.cacheconfig.v0");
        await Repository.PushManifestAsync(SampleImages.Index([layer, config]), Token, "cache");
        var missing = layer with { Digest = SampleImages.Unknown("layer") };
        Assert.Single(await Repository.TryPushManifestAsync(SampleImages.Index([layer, missing]), Token));
    }

    [Fact]
    public async Task Deleting_a_manifest_removes_all_its_tags_and_no_other()
    {
        var gone = await Repository.PushImageAsync("gone", Token, "a", "b", "c");
        var kept = await Repository.PushImageAsync("kept", Token, "d");
        await Repository.PushImageAsync("kept", Token, "b");
        Assert.True(await Repository.Manifests.DeleteAsync(gone, Token));
        Assert.False(await Repository.Manifests.DeleteAsync(gone, Token));
        Assert.Null(await Repository.Manifests.GetAsync(gone, Token));
        Assert.Equal(["b", "d"], await TagsAsync(Repository));
        Assert.Equal([kept], await Repository.Manifests.ListAsync(Token).ToListAsync(Token));
        Assert.Equal(kept, await Repository.Tags.ResolveAsync(Tag.Parse("b"), Token));
        Assert.True(await Repository.ExistsAsync(Token));
        Assert.Equal(gone, await Repository.PushImageAsync("gone", Token, "a"));
        Assert.NotNull(await Repository.Manifests.GetAsync(gone, Token));
        Assert.Equal(["a", "b", "d"], await TagsAsync(Repository));
    }

    [Fact]
    public async Task A_manifest_deleted_in_one_repository_stays_in_the_other()
    {
        var digest = await Repository.PushImageAsync("both", Token, "latest");
        await Repo("other").PushImageAsync("both", Token, "latest");
        Assert.True(await Repository.Manifests.DeleteAsync(digest, Token));
        Assert.NotNull(await Repo("other").Manifests.GetAsync(digest, Token));
        Assert.Equal(digest, await Repo("other").Tags.ResolveAsync(Tag.Parse("latest"), Token));
    }

    [Fact]
    public async Task A_manifest_is_no_blob_and_a_blob_no_manifest()
    {
        var manifest = await Repository.PushImageAsync("x", Token);
        Assert.Null(await Repository.Blobs.GetSizeAsync(manifest, Token));
        var blob = await Repository.PushBlobAsync(SampleImages.Index([]), Token);
        Assert.Null(await Repository.Manifests.GetAsync(blob.Digest, Token));
    }

    private async Task<Descriptor> ImageAsync(string seed)
    {
        var digest = await Repository.PushImageAsync(seed, Token);
        return new Descriptor(MediaTypes.OciManifest, digest, (await Repository.Manifests.GetAsync(digest, Token))!.Content.Length);
    }

    private async Task AssertStoredAsync(string text, Digest digest, string type)
    {
        foreach (var registry in new[] { Registry, Reopen() })
        {
            var stored = await registry.GetRepository(Repository.Name).Manifests.GetAsync(digest, Token);
            Assert.Equal((digest, type, text), (stored!.Digest, stored.MediaType, Encoding.UTF8.GetString(stored.Content.Span)));
        }
    }
}
