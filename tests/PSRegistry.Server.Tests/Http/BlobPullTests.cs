using System.Net;
using PSRegistry.Testing;

namespace PSRegistry.Server.Tests.Http;

public sealed class BlobPullTests
{
    private static readonly byte[] Blob = TestBytes.Make(2048);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("bytes=500-1499", 500, 1000)]
    [InlineData("bytes=500-", 500, 1548)]
    [InlineData("bytes=-500", 1548, 500)]
    [InlineData("bytes=2000-5000", 2000, 48)]
    [InlineData("bytes=0-0", 0, 1)]
    public async Task A_range_is_206_with_exactly_its_bytes(string range, int start, int length)
    {
        await using var registry = await TestRegistry.StartAsync();
        var digest = await registry.Http.PushBlobAsync("app", Blob, Token);
        var answer = (await GetAsync(registry, digest, ("Range", range))).MustBe(HttpStatusCode.PartialContent);
        Assert.Equal(Blob[start..(start + length)], answer.Body);
        Assert.Equal($"bytes {start}-{start + length - 1}/2048", answer.Header("Content-Range"));
    }

    [Theory]
    [InlineData("bytes=500-0")]
    [InlineData("bytes=5000-10000")]
    [InlineData("bytes=x-y")]
    [InlineData("bytes=-0")]
    public async Task A_range_that_cannot_be_had_is_416(string range)
    {
        await using var registry = await TestRegistry.StartAsync();
        var digest = await registry.Http.PushBlobAsync("app", Blob, Token);
        var answer = (await GetAsync(registry, digest, ("Range", range))).MustBe(HttpStatusCode.RequestedRangeNotSatisfiable);
        Assert.Equal("bytes */2048", answer.Header("Content-Range"));
        Assert.Contains("RANGE_INVALID", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pull_has_the_headers_that_clients_and_caches_read()
    {
        await using var registry = await TestRegistry.StartAsync();
        var digest = await registry.Http.PushBlobAsync("app", Blob, Token);
        var get = (await GetAsync(registry, digest, ("Accept-Encoding", "gzip"))).MustBe(HttpStatusCode.OK);
        Assert.Equal(Blob, get.Body);
        Assert.Equal(("2048", "application/octet-stream", digest, $"\"{digest}\"", "max-age=31536000", "bytes"),
            (get.Header("Content-Length"), get.Header("Content-Type"), get.Digest, get.Header("ETag"), get.Header("Cache-Control"), get.Header("Accept-Ranges")));
        var head = (await registry.Http.SendAsync(HttpMethod.Head, $"/v2/app/blobs/{digest.Replace(":", "%3A", StringComparison.Ordinal)}", null, Token)).MustBe(HttpStatusCode.OK);
        Assert.Equal(("2048", 0), (head.Header("Content-Length"), head.Body.Length));
        (await GetAsync(registry, digest, ("If-None-Match", $"\"{digest}\""))).MustBe(HttpStatusCode.NotModified);
        (await GetAsync(registry, digest, ("If-None-Match", digest))).MustBe(HttpStatusCode.NotModified);
        (await GetAsync(registry, digest, ("Range", "bytes=0-1"), ("If-Range", "\"other\""))).MustBe(HttpStatusCode.OK);
    }

    private static Task<RegistryAnswer> GetAsync(TestRegistry registry, string digest, params (string Name, string Value)[] headers) =>
        registry.Http.SendAsync(HttpMethod.Get, $"/v2/app/blobs/{digest}", null, headers.ToDictionary(header => header.Name, header => header.Value), Token);
}
