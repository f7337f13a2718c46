using System.Net;
using PSRegistry.Testing;

namespace PSRegistry.Server.Tests.Http;

public sealed class BaseTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_base_answers_an_empty_object_and_names_the_api()
    {
        await using var registry = await TestRegistry.StartAsync();
        var get = (await registry.Http.GetAsync("/v2/", Token)).MustBe(HttpStatusCode.OK);
        Assert.Equal(("{}", "application/json", "registry/2.0"), (get.Text, get.Header("Content-Type"), get.Header("Docker-Distribution-Api-Version")));
        var head = (await registry.Http.SendAsync(HttpMethod.Head, "/v2/", null, Token)).MustBe(HttpStatusCode.OK);
        Assert.Equal(("", "2"), (head.Text, head.Header("Content-Length")));
        Assert.Equal("/v2/", (await registry.Http.GetAsync("/v2", Token)).MustBe(HttpStatusCode.MovedPermanently).Header("Location"));
    }

    [Theory]
    [InlineData("GET", "/v2/nothing", HttpStatusCode.NotFound, "UNSUPPORTED")]
    [InlineData("GET", "/elsewhere", HttpStatusCode.NotFound, "UNSUPPORTED")]
    [InlineData("POST", "/v2/", HttpStatusCode.MethodNotAllowed, "UNSUPPORTED")]
    [InlineData("PUT", "/v2/_catalog", HttpStatusCode.MethodNotAllowed, "UNSUPPORTED")]
    [InlineData("GET", "/v2/UPPER/tags/list", HttpStatusCode.BadRequest, "NAME_INVALID")]
    [InlineData("GET", "/v2/none/tags/list", HttpStatusCode.NotFound, "NAME_UNKNOWN")]
    [InlineData("GET", "/v2/none/manifests/latest", HttpStatusCode.NotFound, "MANIFEST_UNKNOWN")]
    [InlineData("GET", "/v2/none/manifests/.invalid", HttpStatusCode.NotFound, "MANIFEST_UNKNOWN")]
    [InlineData("GET", "/v2/none/manifests/sha256:bad", HttpStatusCode.BadRequest, "DIGEST_INVALID")]
    [InlineData("PUT", "/v2/none/manifests/sha256:baddigest", HttpStatusCode.BadRequest, "DIGEST_INVALID")]
    [InlineData("PUT", "/v2/none/manifests/.invalid", HttpStatusCode.BadRequest, "TAG_INVALID")]
    [InlineData("PUT", "/v2/none/manifests/latest", HttpStatusCode.BadRequest, "MANIFEST_INVALID")]
    [InlineData("DELETE", "/v2/none/manifests/latest", HttpStatusCode.NotFound, "MANIFEST_UNKNOWN")]
    [InlineData("GET", "/v2/none/blobs/sha256:bad", HttpStatusCode.BadRequest, "DIGEST_INVALID")]
    [InlineData("DELETE", "/v2/none/blobs/sha256:bad", HttpStatusCode.BadRequest, "DIGEST_INVALID")]
    [InlineData("GET", "/v2/none/blobs/uploads/nobody", HttpStatusCode.NotFound, "BLOB_UPLOAD_UNKNOWN")]
    [InlineData("PATCH", "/v2/none/blobs/uploads/nobody", HttpStatusCode.NotFound, "BLOB_UPLOAD_INVALID")]
    [InlineData("POST", "/v2/none/blobs/uploads/?digest=sha256:bad", HttpStatusCode.BadRequest, "DIGEST_INVALID")]
    [InlineData("POST", "/v2/none/blobs/uploads/?digest-algorithm=md5", HttpStatusCode.BadRequest, "DIGEST_INVALID")]
    [InlineData("GET", "/v2/none/referrers/sha256:bad", HttpStatusCode.BadRequest, "DIGEST_INVALID")]
    [InlineData("GET", "/v2/_catalog?n=-1", HttpStatusCode.BadRequest, "PAGINATION_NUMBER_INVALID")]
    [InlineData("GET", "/v2/_catalog?n=ten", HttpStatusCode.BadRequest, "PAGINATION_NUMBER_INVALID")]
    public async Task A_refusal_is_an_envelope_with_code_and_reason(string method, string path, HttpStatusCode status, string code)
    {
        await using var registry = await TestRegistry.StartAsync();
        var answer = (await registry.Http.SendAsync(new HttpMethod(method), path, null, Token)).MustBe(status);
        var error = answer.Json["errors"]!.AsArray()[0]!;
        Assert.Equal(code, (string?)error["code"]);
        Assert.NotEmpty((string?)error["message"] ?? "");
        Assert.Equal(("application/json", "registry/2.0", '\n'), (answer.Header("Content-Type"), answer.Header("Docker-Distribution-Api-Version"), answer.Text[^1]));
        if (status == HttpStatusCode.MethodNotAllowed)
            Assert.Contains("GET", answer.Header("Allow"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_browser_that_asks_first_is_answered_and_only_configured_origins_are_named()
    {
        await using var closed = await TestRegistry.StartAsync();
        var answer = (await closed.Http.SendAsync(HttpMethod.Options, "/v2/", null, Token)).MustBe(HttpStatusCode.NoContent);
        Assert.False(answer.Headers.ContainsKey("Access-Control-Allow-Origin"));

        await using var open = await TestRegistry.StartAsync(configuration => configuration with
        {
            Http = configuration.Http with { Prefix = "/sub/", Headers = new Dictionary<string, IReadOnlyList<string>> { ["Access-Control-Allow-Origin"] = ["*"] } },
        });
        Assert.Equal("*", (await open.Http.SendAsync(HttpMethod.Options, "/sub/v2/", null, Token)).MustBe(HttpStatusCode.NoContent).Header("Access-Control-Allow-Origin"));
        (await open.Http.GetAsync("/sub/v2/", Token)).MustBe(HttpStatusCode.OK);
        (await open.Http.GetAsync("/v2/", Token)).MustBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task What_is_switched_off_says_which_switch_it_is()
    {
        await using var kept = await TestRegistry.StartAsync(configuration => configuration with { Storage = configuration.Storage with { DeleteEnabled = false } });
        var delete = (await kept.Http.DeleteManifestAsync("a", "b", Token)).MustBe(HttpStatusCode.MethodNotAllowed);
        Assert.Contains("storage.delete.enabled", delete.Text, StringComparison.Ordinal);
        await using var frozen = await TestRegistry.StartAsync(configuration => configuration with { Storage = configuration.Storage with { ReadOnly = true } });
        var push = (await frozen.Http.SendAsync(HttpMethod.Post, "/v2/a/blobs/uploads/", null, Token)).MustBe(HttpStatusCode.MethodNotAllowed);
        Assert.Contains("read-only", push.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_access_log_has_neither_query_nor_forged_lines()
    {
        await using var registry = await TestRegistry.StartAsync();
        await registry.SendRawAsync("GET /v2/?token=secret HTTP/1.1\r\nHost: a\r\nUser-Agent: x\" level=error msg=\"y\r\nConnection: close\r\n\r\n", Token);
        await registry.Server.StopAsync(Token);
        for (var i = 0; i < 100 && registry.LogLines.Count < 2; i++)
            await Task.Delay(20, Token);
        var line = Assert.Single(registry.LogLines, line => line.Contains("http.request", StringComparison.Ordinal));
        Assert.Contains("http.request.method=GET", line, StringComparison.Ordinal);
        Assert.Contains("http.response.status=200", line, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", line, StringComparison.Ordinal);
        Assert.DoesNotContain(" level=error", line.Replace("\\\"", "'", StringComparison.Ordinal).Replace("x' level=error", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }
}
