using System.Net;
using System.Text;
using PSRegistry.Oci;
using PSRegistry.Testing;

namespace PSRegistry.Server.Tests.Http;

public sealed class ManifestRowTests
{
    private const string Repository = "app";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_a_client_has_already_is_304_quoted_or_bare()
    {
        await using var registry = await TestRegistry.StartAsync();
        var manifest = await ImageAsync(registry);
        var digest = ContentDescriptor.DigestOf(manifest);
        await PutAsync(registry, "v1", manifest, MediaTypes.OciManifest, HttpStatusCode.Created);
        foreach (var tag in new[] { digest, $"\"{digest}\"", $"\"other\", \"{digest}\"", "*" })
            (await GetAsync(registry, "v1", ("If-None-Match", tag))).MustBe(HttpStatusCode.NotModified);
        (await GetAsync(registry, "v1", ("If-None-Match", "\"other\""))).MustBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task An_index_needs_its_children_and_never_falls_back_to_one()
    {
        await using var registry = await TestRegistry.StartAsync();
        var image = await ImageAsync(registry);
        var digest = ContentDescriptor.DigestOf(image);
        var index = Index(MediaTypes.OciManifest, digest, image.Length);
        var refused = await PutAsync(registry, "v1", index, MediaTypes.OciIndex, HttpStatusCode.BadRequest);
        Assert.Contains(digest, refused.Text, StringComparison.Ordinal);
        await PutAsync(registry, digest, image, MediaTypes.OciManifest, HttpStatusCode.Created);
        await PutAsync(registry, "v1", index, MediaTypes.OciIndex, HttpStatusCode.Created);
        Assert.Equal(index, (await GetAsync(registry, "v1", ("Accept", MediaTypes.OciManifest))).MustBe(HttpStatusCode.OK).Body);
    }

    [Fact]
    public async Task A_build_cache_lists_blobs_where_an_index_has_manifests()
    {
        await using var registry = await TestRegistry.StartAsync();
        var layer = await registry.Http.PushBlobAsync(Repository, "layer"u8.ToArray(), Token);
        await PutAsync(registry, "cache", Index("application/vnd.oci.image.layer.v1.tar+gzip", layer, 5), MediaTypes.OciIndex, HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_layer_that_lives_elsewhere_need_not_be_here()
    {
        await using var registry = await TestRegistry.StartAsync();
        var config = await registry.Http.PushBlobAsync(Repository, "{}"u8.ToArray(), Token);
        var elsewhere = ContentDescriptor.DigestOf("elsewhere"u8);
        var manifest = Text("""{"schemaVersion":2,"config":{"mediaType":"a/b","digest":"CONFIG","size":2},"layers":[{"mediaType":"application/vnd.oci.image.layer.nondistributable.v1.tar+gzip","digest":"LAYER","size":9,"urls":["https://store.example.com/x"]}]}""", config, elsewhere);
        await PutAsync(registry, "v1", manifest, MediaTypes.OciManifest, HttpStatusCode.Created);
        Assert.Equal(MediaTypes.OciManifest, (await GetAsync(registry, "v1")).Header("Content-Type"));
    }

    [Theory]
    [InlineData("""{"schemaVersion":1}""", MediaTypes.OciManifest, "schema 1")]
    [InlineData("no json", MediaTypes.OciManifest, "JSON")]
    [InlineData("""{"schemaVersion":2}""", "text/plain", "text/plain")]
    [InlineData("""{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}""", MediaTypes.OciManifest, "must be equal")]
    public async Task A_manifest_that_cannot_be_understood_is_refused_with_its_reason(string manifest, string mediaType, string reason)
    {
        await using var registry = await TestRegistry.StartAsync();
        var refused = await PutAsync(registry, "v1", Encoding.UTF8.GetBytes(manifest), mediaType, HttpStatusCode.BadRequest);
        Assert.Equal("MANIFEST_INVALID", (string?)refused.Json["errors"]![0]!["code"]);
        Assert.Contains(reason, refused.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_manifest_is_only_taken_under_its_own_digest()
    {
        await using var registry = await TestRegistry.StartAsync();
        var manifest = await ImageAsync(registry);
        Assert.Contains("DIGEST_INVALID", (await PutAsync(registry, ContentDescriptor.DigestOf("x"u8), manifest, MediaTypes.OciManifest, HttpStatusCode.BadRequest)).Text, StringComparison.Ordinal);
        var sha512 = DigestAlgorithm.Sha512.Compute(manifest).ToString();
        Assert.Equal(sha512, (await PutAsync(registry, sha512 + "?tag=big", manifest, MediaTypes.OciManifest, HttpStatusCode.Created)).Digest);
        Assert.Equal(sha512, (await GetAsync(registry, "big")).MustBe(HttpStatusCode.OK).Digest);
        (await registry.Http.DeleteManifestAsync(Repository, ContentDescriptor.DigestOf("x"u8), Token)).MustBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_manifest_above_the_limit_is_413_when_it_comes_without_a_length_too()
    {
        await using var registry = await TestRegistry.StartAsync();
        using var content = new StreamContent(new MemoryStream(new byte[Manifest.MaxSize + 1]));
        content.Headers.ContentType = new(MediaTypes.OciManifest);
        (await registry.Http.SendAsync(HttpMethod.Put, $"/v2/{Repository}/manifests/v1", content, new Dictionary<string, string> { ["Transfer-Encoding"] = "chunked" }, Token))
            .MustBe(HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task Referrers_of_clients_that_kept_their_own_list_are_merged_once()
    {
        await using var registry = await TestRegistry.StartAsync();
        var subject = ContentDescriptor.DigestOf("subject"u8);
        var config = await registry.Http.PushBlobAsync(Repository, "{}"u8.ToArray(), Token);
        var noted = Text("""{"schemaVersion":2,"config":{"mediaType":"type/of-config","digest":"CONFIG","size":2},"layers":[],"subject":{"mediaType":"a/b","digest":"LAYER","size":1}}""", config, subject);
        var plain = Text("""{"schemaVersion":2,"config":{"mediaType":"a/b","digest":"CONFIG","size":2},"layers":[]}""", config, subject);
        foreach (var manifest in new[] { noted, plain })
            await PutAsync(registry, ContentDescriptor.DigestOf(manifest), manifest, MediaTypes.OciManifest, HttpStatusCode.Created);
        var list = Text("""{"schemaVersion":2,"manifests":[{"mediaType":"TYPE","digest":"CONFIG","size":1},{"mediaType":"TYPE","digest":"LAYER","size":1}]}""".Replace("TYPE", MediaTypes.OciManifest, StringComparison.Ordinal),
            ContentDescriptor.DigestOf(noted), ContentDescriptor.DigestOf(plain));
        await PutAsync(registry, subject.Replace(':', '-'), list, MediaTypes.OciIndex, HttpStatusCode.Created);
        var listed = (await registry.Http.GetAsync($"/v2/{Repository}/referrers/{subject}", Token)).Json["manifests"]!.AsArray();
        Assert.Equal(new[] { ContentDescriptor.DigestOf(noted), ContentDescriptor.DigestOf(plain) }.Order(StringComparer.Ordinal), listed.Select(entry => (string)entry!["digest"]!));
        Assert.Contains(listed, entry => (string?)entry!["artifactType"] == "type/of-config");
    }

    [Fact]
    public async Task Tags_are_paged_in_byte_order_and_a_page_too_large_is_cut_and_linked()
    {
        await using var registry = await TestRegistry.StartAsync(configuration => configuration with { Tags = new() { MaxTags = 3 } });
        var manifest = await ImageAsync(registry);
        await PutAsync(registry, ContentDescriptor.DigestOf(manifest) + "?tag=b&tag=a&tag=C&tag=a.1&tag=_z", manifest, MediaTypes.OciManifest, HttpStatusCode.Created);
        Assert.Equal(["C", "_z", "a", "a.1", "b"], await registry.Http.ListTagsAsync(Repository, Token));
        var page = await registry.Http.GetAsync($"/v2/{Repository}/tags/list?n=100", Token);
        Assert.Equal(3, page.Json["tags"]!.AsArray().Count);
        Assert.Equal($"</v2/{Repository}/tags/list?last=a&n=3>; rel=\"next\"", page.Header("Link"));
        var rest = await registry.Http.GetAsync($"/v2/{Repository}/tags/list?last=a&n=3", Token);
        Assert.Equal(["a.1", "b"], rest.Json["tags"]!.AsArray().Select(tag => (string)tag!));
        Assert.False(rest.Headers.ContainsKey("Link"));
        Assert.Empty((await registry.Http.GetAsync($"/v2/{Repository}/tags/list?n=0", Token)).Json["tags"]!.AsArray());
    }

    [Theory]
    [InlineData(null, null, "/v2/")]
    [InlineData(null, false, "http://127.0.0.1:")]
    [InlineData("https://registry.example", null, "https://registry.example/v2/")]
    [InlineData("https://registry.example", true, "/v2/")]
    public async Task A_location_is_relative_unless_the_operator_asks_otherwise(string? host, bool? relative, string start)
    {
        await using var registry = await TestRegistry.StartAsync(configuration => configuration with
        {
            Http = configuration.Http with { Host = host is null ? null : new Uri(host), RelativeUrls = relative },
        });
        Assert.StartsWith(start, (await registry.Http.BeginUploadAsync(Repository, Token)).Header("Location"), StringComparison.Ordinal);
    }

    private static async Task<RegistryAnswer> PutAsync(TestRegistry registry, string reference, byte[] manifest, string mediaType, HttpStatusCode status) =>
        (await registry.Http.PutManifestAsync(Repository, reference, manifest, mediaType, Token)).MustBe(status);

    private static Task<RegistryAnswer> GetAsync(TestRegistry registry, string reference, params (string Name, string Value)[] headers) =>
        registry.Http.SendAsync(HttpMethod.Get, $"/v2/{Repository}/manifests/{reference}", null, headers.ToDictionary(header => header.Name, header => header.Value), Token);

    private static byte[] Index(string childType, string digest, int size) => Encoding.UTF8.GetBytes(
        $$$"""{"schemaVersion":2,"mediaType":"{{{MediaTypes.OciIndex}}}","manifests":[{"mediaType":"{{{childType}}}","digest":"{{{digest}}}","size":{{{size}}},"platform":{"os":"linux","architecture":"amd64"}}]}""");

    private static async Task<byte[]> ImageAsync(TestRegistry registry) => Text(
        """{"schemaVersion":2,"config":{"mediaType":"a/b","digest":"CONFIG","size":2},"layers":[]}""",
        await registry.Http.PushBlobAsync(Repository, "{}"u8.ToArray(), Token),
        "");

    private static byte[] Text(string template, string config, string layer) =>
        Encoding.UTF8.GetBytes(template.Replace("CONFIG", config, StringComparison.Ordinal).Replace("LAYER", layer, StringComparison.Ordinal));
}
