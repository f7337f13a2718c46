using System.Net;
using System.Text;
using PSRegistry.Oci;
using PSRegistry.Testing;

namespace PSRegistry.Server.Tests.Http;

public sealed class ManifestTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(MediaTypes.OciManifest)]
    [InlineData(MediaTypes.DockerManifest)]
    public async Task A_manifest_comes_back_as_it_went_by_tag_and_by_digest(string mediaType)
    {
        await using var registry = await TestRegistry.StartAsync();
        var manifest = await ImageAsync(registry, "tags/list/x", mediaType);
        var digest = ContentDescriptor.DigestOf(manifest);
        var put = (await registry.Http.PutManifestAsync("tags/list/x", "v1", manifest, mediaType, Token)).MustBe(HttpStatusCode.Created);
        Assert.Equal((digest, $"/v2/tags/list/x/manifests/{digest}"), (put.Digest, put.Header("Location")));
        foreach (var reference in new[] { "v1", digest })
        {
            var get = (await registry.Http.GetAsync($"/v2/tags/list/x/manifests/{reference}", Token)).MustBe(HttpStatusCode.OK);
            Assert.Equal(manifest, get.Body);
            Assert.Equal((mediaType, digest, $"\"{digest}\""), (get.Header("Content-Type"), get.Digest, get.Header("ETag")));
            var head = (await registry.Http.SendAsync(HttpMethod.Head, $"/v2/tags/list/x/manifests/{reference}", null, Token)).MustBe(HttpStatusCode.OK);
            Assert.Equal((get.Header("Content-Length"), get.Header("Content-Type"), digest), (head.Header("Content-Length"), head.Header("Content-Type"), head.Digest));
        }
    }

    [Fact]
    public async Task An_old_client_gets_the_amd64_image_of_a_docker_list_by_tag_and_everyone_else_the_list()
    {
        await using var registry = await TestRegistry.StartAsync();
        var image = await ImageAsync(registry, "app", MediaTypes.DockerManifest);
        var digest = ContentDescriptor.DigestOf(image);
        (await registry.Http.PutManifestAsync("app", digest, image, MediaTypes.DockerManifest, Token)).MustBe(HttpStatusCode.Created);
        var list = Encoding.UTF8.GetBytes($$$"""{"schemaVersion":2,"mediaType":"{{{MediaTypes.DockerManifestList}}}","manifests":[{"mediaType":"{{{MediaTypes.DockerManifest}}}","digest":"{{{digest}}}","size":{{{image.Length}}},"platform":{"os":"linux","architecture":"amd64"}}]}""");
        (await registry.Http.PutManifestAsync("app", "v1", list, MediaTypes.DockerManifestList, Token)).MustBe(HttpStatusCode.Created);
        var old = await AcceptAsync(registry, "v1", MediaTypes.DockerManifest);
        Assert.Equal((digest, "Accept"), (old.Digest, old.Header("Vary")));
        foreach (var accept in new[] { $"{MediaTypes.DockerManifest}, {MediaTypes.DockerManifestList}", $"{MediaTypes.DockerManifest}, */*", "text/plain" })
            Assert.Equal(list, (await AcceptAsync(registry, "v1", accept)).Body);
        Assert.Equal(list, (await AcceptAsync(registry, ContentDescriptor.DigestOf(list), MediaTypes.DockerManifest)).Body);
    }

    [Fact]
    public async Task Every_missing_blob_is_named()
    {
        await using var registry = await TestRegistry.StartAsync();
        var manifest = Image(MediaTypes.OciManifest, ContentDescriptor.DigestOf("a"u8), ContentDescriptor.DigestOf("b"u8));
        var errors = (await registry.Http.PutManifestAsync("app", "v1", manifest, MediaTypes.OciManifest, Token)).MustBe(HttpStatusCode.BadRequest).Json["errors"]!.AsArray();
        Assert.Equal(["MANIFEST_BLOB_UNKNOWN", "MANIFEST_BLOB_UNKNOWN"], errors.Select(error => (string?)error!["code"]));
        Assert.Equal([ContentDescriptor.DigestOf("a"u8), ContentDescriptor.DigestOf("b"u8)], errors.Select(error => (string?)error!["detail"]!["digest"]));
    }

    [Theory]
    [InlineData(0, HttpStatusCode.Created)]
    [InlineData(1, HttpStatusCode.RequestEntityTooLarge)]
    [InlineData(1_000_000, HttpStatusCode.RequestEntityTooLarge)]
    public async Task Four_mebibytes_are_the_limit(int above, HttpStatusCode status)
    {
        await using var registry = await TestRegistry.StartAsync();
        var manifest = await ImageAsync(registry, "app", MediaTypes.OciManifest);
        var padded = manifest.Concat(Enumerable.Repeat((byte)' ', Manifest.MaxSize - manifest.Length + above)).ToArray();
        (await registry.Http.PutManifestAsync("app", "big", padded, MediaTypes.OciManifest, Token)).MustBe(status);
    }

    [Fact]
    public async Task Tags_come_with_the_query_and_go_one_by_one_or_with_their_manifest()
    {
        await using var registry = await TestRegistry.StartAsync();
        var manifest = await ImageAsync(registry, "app", MediaTypes.OciManifest);
        var digest = ContentDescriptor.DigestOf(manifest);
        var put = (await registry.Http.PutManifestAsync("app", digest + "?tag=a&tag=b&tag=c", manifest, MediaTypes.OciManifest, Token)).MustBe(HttpStatusCode.Created);
        Assert.Equal("a, b, c", put.Header("OCI-Tag"));
        (await registry.Http.DeleteManifestAsync("app", "b", Token)).MustBe(HttpStatusCode.Accepted);
        Assert.Equal(["a", "c"], await registry.Http.ListTagsAsync("app", Token));
        (await registry.Http.GetManifestAsync("app", digest, Token)).MustBe(HttpStatusCode.OK);
        (await registry.Http.DeleteManifestAsync("app", digest, Token)).MustBe(HttpStatusCode.Accepted);
        Assert.Empty(await registry.Http.ListTagsAsync("app", Token));
        (await registry.Http.GetManifestAsync("app", "a", Token)).MustBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Referrers_are_listed_filtered_and_gone_when_deleted()
    {
        await using var registry = await TestRegistry.StartAsync();
        var subject = ContentDescriptor.DigestOf("absent"u8);
        var empty = (await registry.Http.GetAsync($"/v2/app/referrers/{subject}", Token)).MustBe(HttpStatusCode.OK);
        Assert.Equal(MediaTypes.OciIndex, empty.Header("Content-Type"));
        Assert.Empty(empty.Json["manifests"]!.AsArray());
        var config = await registry.Http.PushBlobAsync("app", "{}"u8.ToArray(), Token);
        var referrer = Encoding.UTF8.GetBytes($$$"""{"schemaVersion":2,"mediaType":"{{{MediaTypes.OciManifest}}}","artifactType":"test/sig","config":{"mediaType":"a/b","digest":"{{{config}}}","size":2},"layers":[],"subject":{"mediaType":"{{{MediaTypes.OciManifest}}}","digest":"{{{subject}}}","size":1},"annotations":{"k":"v"}}""");
        var digest = ContentDescriptor.DigestOf(referrer);
        Assert.Equal(subject, (await registry.Http.PutManifestAsync("app", digest, referrer, MediaTypes.OciManifest, Token)).MustBe(HttpStatusCode.Created).Header("OCI-Subject"));
        var listed = Assert.Single((await registry.Http.GetAsync($"/v2/app/referrers/{subject}", Token)).Json["manifests"]!.AsArray())!;
        Assert.Equal((digest, "test/sig", "v"), ((string?)listed["digest"], (string?)listed["artifactType"], (string?)listed["annotations"]!["k"]));
        var filtered = await registry.Http.GetAsync($"/v2/app/referrers/{subject}?artifactType=other", Token);
        Assert.Equal("artifactType", filtered.Header("OCI-Filters-Applied"));
        Assert.Empty(filtered.Json["manifests"]!.AsArray());
        (await registry.Http.DeleteManifestAsync("app", digest, Token)).MustBe(HttpStatusCode.Accepted);
        Assert.Empty((await registry.Http.GetAsync($"/v2/app/referrers/{subject}", Token)).Json["manifests"]!.AsArray());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Pages_of_any_size_make_the_whole_list(int size)
    {
        await using var registry = await TestRegistry.StartAsync();
        string[] names = ["a/0", "a", "a/b", "a-b", "b"];
        foreach (var name in names.Reverse())
            await registry.Http.PushBlobAsync(name, "x"u8.ToArray(), Token);
        var read = new List<string>();
        for (var path = $"/v2/_catalog?n={size}"; path is not null;)
        {
            var page = await registry.Http.GetAsync(path, Token);
            read.AddRange(page.Json["repositories"]!.AsArray().Select(name => (string)name!));
            path = page.Headers.TryGetValue("Link", out var link) ? link[1..link.IndexOf('>', StringComparison.Ordinal)] : null;
        }
        Assert.Equal(names, read);
        Assert.Empty((await registry.Http.GetAsync("/v2/_catalog?n=0", Token)).Json["repositories"]!.AsArray());
    }

    private static Task<RegistryAnswer> AcceptAsync(TestRegistry registry, string reference, string accept) =>
        registry.Http.SendAsync(HttpMethod.Get, $"/v2/app/manifests/{reference}", null, new Dictionary<string, string> { ["Accept"] = accept }, Token);

    private static async Task<byte[]> ImageAsync(TestRegistry registry, string repository, string mediaType) => Image(
        mediaType,
        await registry.Http.PushBlobAsync(repository, "{}"u8.ToArray(), Token),
        await registry.Http.PushBlobAsync(repository, "layer"u8.ToArray(), Token));

    private static byte[] Image(string mediaType, string config, string layer) => Encoding.UTF8.GetBytes(
        $$"""{"schemaVersion":2,"mediaType":"{{mediaType}}","config":{"mediaType":"application/vnd.test.config+json","digest":"{{config}}","size":2},"layers":[{"mediaType":"application/octet-stream","digest":"{{layer}}","size":5}]}""");
}
