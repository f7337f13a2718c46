using System.Net;
using PSRegistry.Server.Configuration;
using PSRegistry.Testing;

namespace PSRegistry.Server.Tests.Http;

public sealed class UploadTests
{
    private static readonly byte[] Blob = TestBytes.Make(3000);
    private static readonly string BlobDigest = ContentDescriptor.DigestOf(Blob);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_upload_in_chunks_tells_how_far_it_is_and_ends_in_the_blob()
    {
        await using var registry = await TestRegistry.StartAsync();
        var begun = await registry.Http.BeginUploadAsync("a/blobs/b", Token);
        Assert.Equal("0-0", begun.Header("Range"));
        Assert.StartsWith("/v2/a/blobs/b/blobs/uploads/" + begun.Header("Docker-Upload-UUID") + "?_state=", begun.Header("Location"), StringComparison.Ordinal);
        var first = (await ChunkAsync(registry, begun.Location, 0, 1000)).MustBe(HttpStatusCode.Accepted);
        Assert.Equal("0-999", first.Header("Range"));
        var status = (await registry.Http.GetAsync(first.Location, Token)).MustBe(HttpStatusCode.NoContent);
        Assert.Equal("0-999", status.Header("Range"));
        var second = (await ChunkAsync(registry, status.Location, 1000, 3000)).MustBe(HttpStatusCode.Accepted);
        var created = (await registry.Http.FinishUploadAsync(second.Location, default, BlobDigest, Token)).MustBe(HttpStatusCode.Created);
        Assert.Equal((BlobDigest, $"/v2/a/blobs/b/blobs/{BlobDigest}"), (created.Digest, created.Header("Location")));
        Assert.Equal(Blob, (await registry.Http.GetBlobAsync("a/blobs/b", BlobDigest, Token)).MustBe(HttpStatusCode.OK).Body);
        (await registry.Http.GetAsync(second.Location, Token)).MustBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_chunk_out_of_order_is_416_and_the_upload_goes_on()
    {
        await using var registry = await TestRegistry.StartAsync();
        var begun = await registry.Http.BeginUploadAsync("app", Token);
        var misplaced = (await ChunkAsync(registry, begun.Location, 1000, 2000)).MustBe(HttpStatusCode.RequestedRangeNotSatisfiable);
        Assert.Equal("0-0", misplaced.Header("Range"));
        var first = (await ChunkAsync(registry, begun.Location, 0, 1000)).MustBe(HttpStatusCode.Accepted);
        (await ChunkAsync(registry, begun.Location, 0, 1000)).MustBe(HttpStatusCode.RequestedRangeNotSatisfiable);
        (await ChunkAsync(registry, first.Location + "&digest=" + BlobDigest, 500, 1500, HttpMethod.Put)).MustBe(HttpStatusCode.RequestedRangeNotSatisfiable);
        Assert.Equal("0-999", (await registry.Http.GetAsync(first.Location + "&digest=" + BlobDigest, Token)).MustBe(HttpStatusCode.NoContent).Header("Range"));
        (await ChunkAsync(registry, first.Location + "&digest=" + BlobDigest, 1000, 3000, HttpMethod.Put)).MustBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_wrong_digest_discards_the_upload_and_a_malformed_one_does_not()
    {
        await using var registry = await TestRegistry.StartAsync();
        var begun = await registry.Http.BeginUploadAsync("app", Token);
        (await registry.Http.FinishUploadAsync(begun.Location, default, "sha256:bad", Token)).MustBe(HttpStatusCode.BadRequest);
        var part = (await registry.Http.PatchUploadAsync(begun.Location, Blob.AsMemory(1), Token)).MustBe(HttpStatusCode.Accepted);
        Assert.Contains("DIGEST_INVALID", (await registry.Http.FinishUploadAsync(part.Location, default, BlobDigest, Token)).MustBe(HttpStatusCode.BadRequest).Text, StringComparison.Ordinal);
        (await registry.Http.GetAsync(part.Location, Token)).MustBe(HttpStatusCode.NotFound);
        (await registry.Http.GetBlobAsync("app", BlobDigest, Token)).MustBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task An_upload_that_was_only_begun_is_known_asked_for_cancelled_and_then_unknown()
    {
        await using var registry = await TestRegistry.StartAsync();
        var begun = await registry.Http.BeginUploadAsync("app", Token);
        Assert.Equal("0-0", (await registry.Http.GetAsync(begun.Location, Token)).MustBe(HttpStatusCode.NoContent).Header("Range"));
        (await registry.Http.GetAsync(begun.Location.Split('?')[0], Token)).MustBe(HttpStatusCode.NotFound);
        (await registry.Http.GetAsync(begun.Location.Replace("/app/", "/other/", StringComparison.Ordinal), Token)).MustBe(HttpStatusCode.NotFound);
        (await registry.Http.SendAsync(HttpMethod.Delete, begun.Location, null, Token)).MustBe(HttpStatusCode.NoContent);
        (await registry.Http.GetAsync(begun.Location, Token)).MustBe(HttpStatusCode.NotFound);
        (await registry.Http.FinishUploadAsync(begun.Location, Blob, BlobDigest, Token)).MustBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("a secret of both")]
    public async Task An_upload_begun_at_one_server_of_a_folder_ends_at_another(string? secret)
    {
        using var folder = new TemporaryFolder();
        RegistryConfiguration Shared(RegistryConfiguration configuration) => configuration with
        {
            Storage = new StorageConfiguration { RootDirectory = folder.Path, DeleteEnabled = true },
            Http = configuration.Http with { Secret = secret },
        };
        await using var one = await TestRegistry.StartAsync(Shared);
        await using var other = await TestRegistry.StartAsync(Shared);
        var begun = await one.Http.BeginUploadAsync("app", Token);
        Assert.Equal(secret is not null, Directory.Exists(folder["docker", "registry", "v2", "repositories", "app", "_uploads", begun.Header("Docker-Upload-UUID")!]));
        (await other.Http.GetAsync(begun.Location, Token)).MustBe(HttpStatusCode.NoContent);
        (await other.Http.FinishUploadAsync(begun.Location, Blob, BlobDigest, Token)).MustBe(HttpStatusCode.Created);
        Assert.Equal(Blob, (await one.Http.GetBlobAsync("app", BlobDigest, Token)).MustBe(HttpStatusCode.OK).Body);
    }

    [Fact]
    public async Task A_state_that_was_not_given_out_for_the_upload_is_refused()
    {
        await using var registry = await TestRegistry.StartAsync();
        var begun = await registry.Http.BeginUploadAsync("app", Token);
        var path = begun.Location[..begun.Location.IndexOf('?', StringComparison.Ordinal)];
        var other = await registry.Http.BeginUploadAsync("app", Token);
        foreach (var url in new[] { path, path + "?_state=forged", path + other.Location[other.Location.IndexOf('?', StringComparison.Ordinal)..], begun.Location.Replace("/app/", "/apq/", StringComparison.Ordinal) })
            Assert.Contains("BLOB_UPLOAD_INVALID", (await registry.Http.PatchUploadAsync(url, Blob, Token)).MustBe(HttpStatusCode.NotFound).Text, StringComparison.Ordinal);
        (await registry.Http.SendAsync(HttpMethod.Delete, begun.Location, null, Token)).MustBe(HttpStatusCode.NoContent);
        (await registry.Http.GetAsync(begun.Location, Token)).MustBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task One_post_with_the_digest_is_enough_and_a_digest_without_a_body_opens_a_session()
    {
        await using var registry = await TestRegistry.StartAsync();
        using var content = new ByteArrayContent(Blob);
        (await registry.Http.SendAsync(HttpMethod.Post, "/v2/app/blobs/uploads/?digest=" + BlobDigest, content, Token)).MustBe(HttpStatusCode.Created);
        Assert.Equal(Blob, (await registry.Http.GetBlobAsync("app", BlobDigest, Token)).Body);
        var digest = ContentDescriptor.DigestOf("later"u8);
        (await registry.Http.SendAsync(HttpMethod.Post, "/v2/app/blobs/uploads/?digest=" + digest, null, Token)).MustBe(HttpStatusCode.Accepted);
    }

    [Fact]
    public async Task A_blob_is_mounted_with_and_without_its_source_and_falls_back_to_an_upload()
    {
        await using var registry = await TestRegistry.StartAsync();
        await registry.Http.PushBlobAsync("from", Blob, Token);
        var mounted = (await registry.Http.SendAsync(HttpMethod.Post, $"/v2/to/blobs/uploads/?mount={BlobDigest}&from=from", null, Token)).MustBe(HttpStatusCode.Created);
        Assert.Equal(BlobDigest, mounted.Digest);
        (await registry.Http.SendAsync(HttpMethod.Post, $"/v2/too/blobs/uploads/?mount={BlobDigest}", null, Token)).MustBe(HttpStatusCode.Created);
        (await registry.Http.SendAsync(HttpMethod.Post, $"/v2/to/blobs/uploads/?mount={BlobDigest}&from=nobody", null, Token)).MustBe(HttpStatusCode.Accepted);
        (await registry.Http.SendAsync(HttpMethod.Delete, $"/v2/to/blobs/{BlobDigest}", null, Token)).MustBe(HttpStatusCode.Accepted);
        (await registry.Http.GetBlobAsync("to", BlobDigest, Token)).MustBe(HttpStatusCode.NotFound);
        (await registry.Http.GetBlobAsync("too", BlobDigest, Token)).MustBe(HttpStatusCode.OK);
    }

    private static async Task<RegistryAnswer> ChunkAsync(TestRegistry registry, string location, int start, int end, HttpMethod? method = null)
    {
        using var content = new ByteArrayContent(Blob[start..end]);
        content.Headers.TryAddWithoutValidation("Content-Range", $"{start}-{end - 1}");
        return await registry.Http.SendAsync(method ?? HttpMethod.Patch, location, content, Token);
    }
}
