using PSRegistry.Oci;
using PSRegistry.Testing.Storage;

namespace PSRegistry.Client.Tests.Remote;

/// <summary>What the interfaces promise holds over HTTP, before our server and before the original.</summary>
public sealed class RemoteRepositoryTests
{
    public static TheoryData<string> Registries => new("ours", "original");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Registries))]
    public async Task A_repository_that_nothing_was_pushed_to_is_empty(string kind)
    {
        await using var registry = await AnyRegistry.StartAsync(kind);
        using var client = Clients.Of(registry.Address);
        var repository = client.GetRepository(Clients.Repository);
        var digest = SampleImages.Unknown("anything");
        Assert.False(await repository.ExistsAsync(Token));
        Assert.Null(await repository.Blobs.OpenAsync(digest, Token));
        Assert.Null(await repository.Blobs.GetSizeAsync(digest, Token));
        Assert.False(await repository.Blobs.DeleteAsync(digest, Token));
        Assert.Null(await repository.Manifests.GetAsync(digest, Token));
        Assert.False(await repository.Manifests.DeleteAsync(digest, Token));
        Assert.Null(await repository.Tags.ResolveAsync(Tag.Parse("latest"), Token));
        Assert.Empty(await repository.Tags.ListAsync(cancellationToken: Token).ToListAsync(Token));
        Assert.Empty(await repository.ListReferrersAsync(digest, Token).ToListAsync(Token));
        Assert.Null(await repository.Uploads.GetStatusAsync(UploadId.Create(), Token));
    }

    [Theory]
    [MemberData(nameof(Registries))]
    public async Task A_pushed_image_is_read_as_it_was_pushed(string kind)
    {
        await using var registry = await AnyRegistry.StartAsync(kind);
        using var client = Clients.Of(registry.Address);
        var repository = client.GetRepository(Clients.Repository);
        var digest = await repository.PushImageAsync("x", Token, "v1", "v2");
        Assert.True(await repository.ExistsAsync(Token));
        Assert.Equal(digest, await repository.Tags.ResolveAsync(Tag.Parse("v2"), Token));
        Assert.Equal(["v1", "v2"], (await repository.Tags.ListAsync(cancellationToken: Token).ToListAsync(Token)).ConvertAll(tag => tag.ToString()));
        var manifest = await repository.GetManifestAsync(Tag.Parse("v1"), Token);
        Assert.Equal(digest, manifest!.Digest);
        Assert.Equal(MediaTypes.OciManifest, manifest.MediaType);
        Assert.Equal(new Descriptor(MediaTypes.OciManifest, digest, manifest.Content.Length), await repository.DescribeAsync(Tag.Parse("v1"), Token));
        Assert.True(Manifest.TryParse(manifest.Content, manifest.MediaType, out var parsed, out _));
        Assert.Equal("layer of x", await ReadAsync(repository, parsed.Layers[0].Digest));
        Assert.Equal(10, await repository.Blobs.GetSizeAsync(parsed.Layers[0].Digest, Token));
    }

    [Theory]
    [MemberData(nameof(Registries))]
    public async Task A_manifest_whose_content_is_missing_is_refused_with_the_reasons(string kind)
    {
        await using var registry = await AnyRegistry.StartAsync(kind);
        using var client = Clients.Of(registry.Address);
        var repository = client.GetRepository(Clients.Repository);
        var config = await repository.PushBlobAsync("{}", Token);
        var missing = new Descriptor(SampleImages.LayerType, SampleImages.Unknown("layer"), 1);
        var errors = await repository.TryPushManifestAsync(SampleImages.Image(config, [missing]), Token, "v1");
        Assert.Equal("MANIFEST_BLOB_UNKNOWN", Assert.Single(errors).Code.Name);
        Assert.Null(await repository.Tags.ResolveAsync(Tag.Parse("v1"), Token));
    }

    [Theory]
    [MemberData(nameof(Registries))]
    public async Task A_deleted_manifest_takes_its_tags_along(string kind)
    {
        await using var registry = await AnyRegistry.StartAsync(kind);
        using var client = Clients.Of(registry.Address);
        var repository = client.GetRepository(Clients.Repository);
        var digest = await repository.PushImageAsync("x", Token, "v1", "v2");
        Assert.True(await repository.Manifests.DeleteAsync(digest, Token));
        Assert.False(await repository.Manifests.DeleteAsync(digest, Token));
        Assert.Null(await repository.Tags.ResolveAsync(Tag.Parse("v2"), Token));
    }

    [Fact]
    public async Task A_tag_alone_is_deleted_where_that_is_offered()
    {
        await using var registry = await AnyRegistry.StartAsync("ours");
        using var client = Clients.Of(registry.Address);
        var repository = client.GetRepository(Clients.Repository);
        var digest = await repository.PushImageAsync("x", Token, "v1", "v2");
        Assert.True(await repository.Tags.DeleteAsync(Tag.Parse("v1"), Token));
        Assert.False(await repository.Tags.DeleteAsync(Tag.Parse("v1"), Token));
        Assert.Equal(digest, await repository.Tags.ResolveAsync(Tag.Parse("v2"), Token));
    }

    [Fact]
    public async Task A_tag_alone_is_refused_by_name_where_it_is_not()
    {
        await using var registry = await AnyRegistry.StartAsync("original");
        using var client = Clients.Of(registry.Address);
        var repository = client.GetRepository(Clients.Repository);
        await repository.PushImageAsync("x", Token, "v1");
        var fault = await Clients.FailsAsync(RegistryFailure.Unsupported, async () => await repository.Tags.DeleteAsync(Tag.Parse("v1"), Token));
        Assert.Contains("the tag v1 of library/app alone", fault.Message, StringComparison.Ordinal);
        Assert.Equal("DELETE", fault.Method);
    }

    [Theory]
    [MemberData(nameof(Registries))]
    public async Task Where_deletion_is_off_it_is_refused_as_unsupported(string kind)
    {
        await using var registry = await AnyRegistry.StartAsync(kind, deletes: false);
        using var client = Clients.Of(registry.Address);
        var repository = client.GetRepository(Clients.Repository);
        var digest = await repository.PushImageAsync("x", Token, "v1");
        var fault = await Clients.FailsAsync(RegistryFailure.Unsupported, async () => await repository.Manifests.DeleteAsync(digest, Token));
        Assert.Contains("does not offer to delete", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Registries))]
    public async Task A_blob_is_mounted_from_who_holds_it_and_from_nobody_else(string kind)
    {
        await using var registry = await AnyRegistry.StartAsync(kind);
        using var client = Clients.Of(registry.Address);
        var blob = await client.GetRepository(Clients.Repository).PushBlobAsync("content", Token);
        var target = client.GetRepository(RepositoryName.Parse("target"));
        Assert.False(await target.Blobs.MountAsync(blob.Digest, RepositoryName.Parse("someone/else"), Token));
        Assert.True(await target.Blobs.MountAsync(blob.Digest, Clients.Repository, Token));
        Assert.Equal("content", await ReadAsync(target, blob.Digest));
        Assert.True(await target.Blobs.DeleteAsync(blob.Digest, Token));
        Assert.Null(await target.Blobs.GetSizeAsync(blob.Digest, Token));
    }

    [Theory]
    [MemberData(nameof(Registries))]
    public async Task Referrers_are_found_with_and_without_the_registrys_list(string kind)
    {
        await using var registry = await AnyRegistry.StartAsync(kind);
        using var client = Clients.Of(registry.Address);
        var repository = client.GetRepository(Clients.Repository);
        var subject = await repository.DescribeAsync(await repository.PushImageAsync("x", Token, "v1"), Token);
        var empty = await repository.PushBlobAsync("{}", Token, type: "application/vnd.oci.empty.v1+json");
        var signatures = new List<Digest>();
        foreach (var seed in new[] { "a", "b" })
        {
            var more = $$""","artifactType":"application/signature","subject":{{SampleImages.Json(subject!)}},"annotations":{"seed":"{{seed}}"}""";
            signatures.Add(await repository.PushManifestAsync(SampleImages.Image(empty, [empty], more), Token));
        }
        var found = await repository.ListReferrersAsync(subject!.Digest, Token).ToListAsync(Token);
        Assert.Equal(signatures.Order(), found.Select(referrer => referrer.Digest));
        Assert.All(found, referrer => Assert.Equal("application/signature", referrer.ArtifactType));
        Assert.Equal(["a", "b"], found.Select(referrer => referrer.Annotations["seed"]).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Registries))]
    public async Task An_upload_grows_with_every_append_and_can_be_taken_up_again(string kind)
    {
        await using var registry = await AnyRegistry.StartAsync(kind);
        using var client = Clients.Of(registry.Address);
        var repository = client.GetRepository(Clients.Repository);
        var upload = await repository.Uploads.StartAsync(DigestAlgorithm.Sha256, Token);
        Assert.Equal(4, await upload.AppendAsync(SampleImages.Body("one,"u8.ToArray()), Token));
        await upload.DisposeAsync();
        Assert.Equal(4, (await repository.Uploads.GetStatusAsync(upload.Id, Token))!.Size);
        await using var again = await repository.Uploads.ResumeAsync(upload.Id, Token);
        Assert.Equal(3, await again!.AppendAsync(SampleImages.Body("two"u8.ToArray()), Token));
        Assert.Equal(7, again.Size);
        var digest = Digest.OfContent("one,two"u8.ToArray());
        Assert.Null(await again.CommitAsync(digest, Token));
        Assert.Equal("one,two", await ReadAsync(repository, digest));
        Assert.Null(await repository.Uploads.GetStatusAsync(upload.Id, Token));
    }

    [Theory]
    [MemberData(nameof(Registries))]
    public async Task An_upload_that_is_not_what_its_digest_says_is_a_mismatch(string kind)
    {
        await using var registry = await AnyRegistry.StartAsync(kind);
        using var client = Clients.Of(registry.Address);
        var repository = client.GetRepository(Clients.Repository);
        await using var upload = await repository.Uploads.StartAsync(DigestAlgorithm.Sha256, Token);
        await upload.AppendAsync(SampleImages.Body("content"u8.ToArray()), Token);
        await Clients.FailsAsync(RegistryFailure.DigestMismatch, async () => await upload.CommitAsync(SampleImages.Unknown("x"), Token));
    }

    [Theory]
    [MemberData(nameof(Registries))]
    public async Task A_cancelled_upload_is_unknown(string kind)
    {
        await using var registry = await AnyRegistry.StartAsync(kind);
        using var client = Clients.Of(registry.Address);
        var repository = client.GetRepository(Clients.Repository);
        await using var upload = await repository.Uploads.StartAsync(DigestAlgorithm.Sha256, Token);
        await upload.CancelAsync(Token);
        Assert.Null(await repository.Uploads.ResumeAsync(upload.Id, Token));
    }

    [Fact]
    public async Task Manifests_without_tags_are_listed_by_no_registry()
    {
        await using var registry = await AnyRegistry.StartAsync("ours");
        using var client = Clients.Of(registry.Address);
        var repository = client.GetRepository(Clients.Repository);
        await Clients.FailsAsync(RegistryFailure.Unsupported, async () => await repository.Manifests.ListAsync(Token).ToListAsync(Token));
    }

    private static async Task<string> ReadAsync(RemoteRepository repository, Digest digest)
    {
        await using var blob = await repository.Blobs.OpenAsync(digest, Token);
        var content = new byte[blob!.Size];
        for (var at = 0; at < content.Length;)
        {
            var read = await blob.ReadAsync(at, content.AsMemory(at), Token);
            Assert.NotEqual(0, read);
            at += read;
        }
        return System.Text.Encoding.UTF8.GetString(content);
    }
}
