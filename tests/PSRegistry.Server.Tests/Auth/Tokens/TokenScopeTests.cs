using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;

namespace PSRegistry.Server.Tests.Auth.Tokens;

/// <summary>What each request asks for, and what a token allows.</summary>
public sealed class TokenScopeTests
{
    private const string Digest = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("GET", "/v2/", "")]
    [InlineData("HEAD", "/v2/", "")]
    [InlineData("GET", "/v2", "")]
    [InlineData("GET", "/v2/_catalog", "registry:catalog:*")]
    [InlineData("GET", "/v2/a/b/tags/list", "repository:a/b:pull")]
    [InlineData("GET", "/v2/a/b/manifests/c", "repository:a/b:pull")]
    [InlineData("HEAD", "/v2/a/b/manifests/c", "repository:a/b:pull")]
    [InlineData("PUT", "/v2/a/b/manifests/c", "repository:a/b:pull,push")]
    [InlineData("DELETE", "/v2/a/b/manifests/c", "repository:a/b:delete")]
    [InlineData("GET", "/v2/a/b/blobs/" + Digest, "repository:a/b:pull")]
    [InlineData("DELETE", "/v2/a/b/blobs/" + Digest, "repository:a/b:delete")]
    [InlineData("POST", "/v2/a/b/blobs/uploads/", "repository:a/b:pull,push")]
    [InlineData("POST", "/v2/a/b/blobs/uploads/?mount=" + Digest, "repository:a/b:pull,push")]
    [InlineData("POST", "/v2/a/b/blobs/uploads/?mount=" + Digest + "&from=c/d", "repository:a/b:pull,push repository:c/d:pull")]
    [InlineData("POST", "/v2/a/b/blobs/uploads/?mount=" + Digest + "&from=a/b", "repository:a/b:pull,push")]
    [InlineData("POST", "/v2/a/b/blobs/uploads/?mount=" + Digest + "&from=%22,x=%22", "repository:a/b:pull,push")]
    [InlineData("GET", "/v2/a/b/blobs/uploads/c", "repository:a/b:pull")]
    [InlineData("PATCH", "/v2/a/b/blobs/uploads/c", "repository:a/b:pull,push")]
    [InlineData("PUT", "/v2/a/b/blobs/uploads/c", "repository:a/b:pull,push")]
    [InlineData("DELETE", "/v2/a/b/blobs/uploads/c", "repository:a/b:pull,push")]
    [InlineData("GET", "/v2/a/b/referrers/" + Digest, "repository:a/b:pull")]
    [InlineData("GET", "/v2/UPPER/tags/list", "")]
    [InlineData("GET", "/v2/nothing", "")]
    [InlineData("GET", "/elsewhere", "")]
    [InlineData("TRACE", "/v2/a/b/tags/list", "")]
    public async Task A_request_without_a_token_is_told_what_it_needs(string method, string path, string scope)
    {
        await using var tokens = await TokenRegistry.StartAsync();
        var answer = (await tokens.SendAsync(new HttpMethod(method), path, null)).MustBe(HttpStatusCode.Unauthorized);
        var expected = "Bearer realm=\"https://auth.test/token\",service=\"registry.test\"" + (scope.Length == 0 ? "" : $",scope=\"{scope}\"");
        Assert.Equal((expected, "registry/2.0"), (answer.Header("WWW-Authenticate"), answer.Header("Docker-Distribution-Api-Version")));

        // A good token for something else is told the same, and what is wrong.
        if (scope.Length == 0)
            return;
        answer = (await tokens.SendAsync(new HttpMethod(method), path, tokens.Good("repository:other:*"))).MustBe(HttpStatusCode.Unauthorized);
        Assert.Equal(expected + ",error=\"insufficient_scope\"", answer.Header("WWW-Authenticate"));
        // And one for just that is not turned away.
        answer = await tokens.SendAsync(new HttpMethod(method), path, tokens.Good(scope.Split(' ')));
        Assert.NotEqual(HttpStatusCode.Unauthorized, answer.Status);
    }

    [Theory]
    [InlineData("repository:a/b:pull", true)]
    [InlineData("repository:a/b:push,pull", true)]
    [InlineData("repository:a/b:*", true)]
    [InlineData("repository:*:pull", true)]
    [InlineData("repository:*:*", true)]
    [InlineData("repository:a/b:push", false)]
    [InlineData("repository:a/b:delete", false)]
    [InlineData("repository:a/b:Pull", false)]
    [InlineData("repository:a/b:read", false)]
    [InlineData("repository:a:pull", false)]
    [InlineData("repository:a/b/c:pull", false)]
    [InlineData("repository:a/*:pull", false)]
    [InlineData("repository:A/B:pull", false)]
    [InlineData("repository:ab:pull", false)]
    [InlineData("registry:a/b:pull", false)]
    [InlineData("registry:catalog:*", false)]
    [InlineData("registry:*:*", false)]
    [InlineData("repository(plugin):a/b:pull", false)]
    public async Task A_pull_takes_the_right_to_pull_there(string scope, bool isAllowed)
    {
        await using var tokens = await TokenRegistry.StartAsync();
        (await tokens.GetAsync("/v2/a/b/tags/list", tokens.Good(scope))).MustBe(isAllowed ? HttpStatusCode.NotFound : HttpStatusCode.Unauthorized);
        (await tokens.GetAsync("/v2/", tokens.Good(scope))).MustBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("registry:catalog:*", true)]
    [InlineData("registry:*:*", true)]
    [InlineData("registry:catalog:pull,push,delete", false)]
    [InlineData("repository:*:*", false)]
    [InlineData("repository:catalog:*", false)]
    public async Task The_catalog_takes_a_right_of_its_own(string scope, bool isAllowed)
    {
        await using var tokens = await TokenRegistry.StartAsync();
        (await tokens.GetAsync("/v2/_catalog", tokens.Good(scope))).MustBe(isAllowed ? HttpStatusCode.OK : HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_push_takes_both_rights_also_from_two_entries()
    {
        await using var tokens = await TokenRegistry.StartAsync();
        foreach (var half in new[] { "repository:a/b:push", "repository:a/b:pull" })
            (await tokens.SendAsync(HttpMethod.Post, "/v2/a/b/blobs/uploads/", tokens.Good(half))).MustBe(HttpStatusCode.Unauthorized);
        (await tokens.SendAsync(HttpMethod.Post, "/v2/a/b/blobs/uploads/", tokens.Good("repository:a/b:push", "repository:a/b:pull"))).MustBe(HttpStatusCode.Accepted);
    }

    [Theory]
    [InlineData("access", null)]
    [InlineData("access", "[]")]
    [InlineData("access", "[{\"type\":\"repository\",\"name\":\"a/b\",\"actions\":null}]")]
    [InlineData("access", "[{\"type\":\"repository\",\"name\":\"a/b\"}]")]
    public async Task A_token_that_allows_nothing_only_tells_who_came(string name, string? access)
    {
        await using var tokens = await TokenRegistry.StartAsync();
        var claims = TokenRegistry.Claims();
        claims[name] = access is null ? null : JsonNode.Parse(access);
        var token = TokenRegistry.Sign(tokens.Ec, claims);
        (await tokens.GetAsync("/v2/", token)).MustBe(HttpStatusCode.OK);
        (await tokens.GetAsync("/v2/a/b/tags/list", token)).MustBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("exp", -30)]
    [InlineData("nbf", 30)]
    public async Task Clocks_may_be_a_little_apart(string name, int seconds)
    {
        await using var tokens = await TokenRegistry.StartAsync();
        var claims = TokenRegistry.Claims();
        claims[name] = DateTimeOffset.UtcNow.ToUnixTimeSeconds() + seconds;
        for (var i = 0; i < 2; i++)
            (await tokens.GetAsync("/v2/", TokenRegistry.Sign(tokens.Ec, claims))).MustBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("aud", "[\"other\",\"registry.test\"]")]
    [InlineData("nbf", "null")]
    [InlineData("sub", "null")]
    [InlineData("exp", "99999999999999")]
    public async Task Some_forms_are_as_good_as_the_usual_ones(string name, string value)
    {
        await using var tokens = await TokenRegistry.StartAsync();
        var claims = TokenRegistry.Claims();
        claims.Remove(name);
        if (JsonNode.Parse(value) is { } node)
            claims[name] = node;
        (await tokens.GetAsync("/v2/", TokenRegistry.Sign(tokens.Ec, claims))).MustBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task An_image_is_pushed_mounted_pulled_cancelled_and_deleted_with_the_rights_for_it_alone()
    {
        await using var tokens = await TokenRegistry.StartAsync();
        var push = tokens.Good("repository:a/b:pull,push");
        using var content = new ByteArrayContent([]);
        var answer = (await tokens.SendAsync(HttpMethod.Post, "/v2/a/b/blobs/uploads/", push)).MustBe(HttpStatusCode.Accepted);
        (await tokens.SendAsync(HttpMethod.Put, $"{answer.Location}&digest={Digest}", push, content)).MustBe(HttpStatusCode.Created);
        answer = (await tokens.SendAsync(HttpMethod.Post, "/v2/a/b/blobs/uploads/", push)).MustBe(HttpStatusCode.Accepted);
        (await tokens.SendAsync(HttpMethod.Delete, answer.Location, tokens.Good("repository:a/b:pull"))).MustBe(HttpStatusCode.Unauthorized);
        (await tokens.SendAsync(HttpMethod.Delete, answer.Location, push)).MustBe(HttpStatusCode.NoContent);

        var mount = string.Create(CultureInfo.InvariantCulture, $"/v2/c/blobs/uploads/?mount={Digest}&from=a/b");
        (await tokens.SendAsync(HttpMethod.Post, mount, tokens.Good("repository:c:pull,push"))).MustBe(HttpStatusCode.Unauthorized);
        (await tokens.SendAsync(HttpMethod.Post, mount, tokens.Good("repository:c:pull,push", "repository:a/b:pull"))).MustBe(HttpStatusCode.Created);

        (await tokens.SendAsync(HttpMethod.Delete, $"/v2/a/b/blobs/{Digest}", push)).MustBe(HttpStatusCode.Unauthorized);
        (await tokens.SendAsync(HttpMethod.Delete, $"/v2/a/b/blobs/{Digest}", tokens.Good("repository:a/b:delete"))).MustBe(HttpStatusCode.Accepted);
    }

    [Fact]
    public async Task Knowing_a_digest_gives_nobody_a_blob_of_a_repository_they_may_not_pull()
    {
        await using var tokens = await TokenRegistry.StartAsync();
        using var content = new ByteArrayContent([]);
        var push = tokens.Good("repository:secret:pull,push");
        var answer = (await tokens.SendAsync(HttpMethod.Post, "/v2/secret/blobs/uploads/", push)).MustBe(HttpStatusCode.Accepted);
        (await tokens.SendAsync(HttpMethod.Put, $"{answer.Location}&digest={Digest}", push, content)).MustBe(HttpStatusCode.Created);

        const string Anywhere = "/v2/mine/blobs/uploads/?mount=" + Digest;
        (await tokens.SendAsync(HttpMethod.Post, Anywhere, tokens.Good("repository:mine:pull,push"))).MustBe(HttpStatusCode.Accepted);
        (await tokens.GetAsync($"/v2/mine/blobs/{Digest}", tokens.Good("repository:mine:pull"))).MustBe(HttpStatusCode.NotFound);
        (await tokens.SendAsync(HttpMethod.Post, Anywhere, tokens.Good("repository:mine:*", "repository:*:pull"))).MustBe(HttpStatusCode.Created);
        (await tokens.SendAsync(HttpMethod.Post, Anywhere, tokens.Good("repository:mine:pull,push"))).MustBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task The_body_of_a_stranger_is_not_read()
    {
        await using var tokens = await TokenRegistry.StartAsync();
        using var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync("127.0.0.1", tokens.Registry.Http.Address.Port, Token);
        var head = $"PUT /v2/a/b/manifests/c HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {tokens.Good("repository:a/b:pull")}\r\nContent-Length: 1000000000\r\nExpect: 100-continue\r\n\r\n";
        await client.GetStream().WriteAsync(System.Text.Encoding.ASCII.GetBytes(head), Token);
        using var reader = new StreamReader(client.GetStream());
        Assert.Equal("HTTP/1.1 401 Unauthorized", await reader.ReadLineAsync(Token));
    }

    [Fact]
    public async Task The_access_log_says_whose_token_it_was()
    {
        await using var tokens = await TokenRegistry.StartAsync();
        (await tokens.GetAsync("/v2/", tokens.Good())).MustBe(HttpStatusCode.OK);
        for (var i = 0; i < 250 && !tokens.Registry.LogLines.Any(IsOfAnn); i++)
            await Task.Delay(20, Token);
        Assert.Contains(tokens.Registry.LogLines, IsOfAnn);

        static bool IsOfAnn(string line) => line.Contains("auth.user.name=ann", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Load_balancers_and_browsers_that_ask_first_need_no_token()
    {
        await using var tokens = await TokenRegistry.StartAsync();
        (await tokens.GetAsync("/", null)).MustBe(HttpStatusCode.OK);
        (await tokens.SendAsync(HttpMethod.Options, "/v2/a/manifests/b", null)).MustBe(HttpStatusCode.NoContent);
    }
}
