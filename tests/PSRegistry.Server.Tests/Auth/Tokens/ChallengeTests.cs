using PSRegistry.Server.Configuration;
using PSRegistry.Testing;

namespace PSRegistry.Server.Tests.Auth.Tokens;

/// <summary>What the challenges of tokens, and of their stand-in, say.</summary>
public sealed class ChallengeTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("", "https://reg:5000/auth/token")]
    [InlineData("X-Forwarded-Proto: http", "http://reg:5000/auth/token")]
    [InlineData("X-Forwarded-Proto: https\r\nX-Forwarded-Host: outside.example", "https://outside.example/auth/token")]
    [InlineData("X-Forwarded-Proto: gopher\r\nX-Forwarded-Host: a\"b", "https://reg:5000/auth/token")]
    public async Task Redirected_it_names_the_address_that_was_asked(string headers, string realm)
    {
        await using var tokens = await TokenRegistry.StartAsync(token => token with { AutoRedirectPath = "/auth/token" });
        var answer = await tokens.Registry.SendRawAsync($"GET /v2/ HTTP/1.1\r\nHost: reg:5000\r\n{(headers.Length > 0 ? headers + "\r\n" : "")}Connection: close\r\n\r\n", Token);
        Assert.Contains($"WWW-Authenticate: Bearer realm=\"{realm}\",service=\"registry.test\"\r\n", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Quotes_stay_inside()
    {
        await using var tokens = await TokenRegistry.StartAsync(token => token with { Realm = "a\"b\\c", Service = "d\"e" });
        Assert.Equal("Bearer realm=\"a\\\"b\\\\c\",service=\"d\\\"e\"", (await tokens.GetAsync("/v2/", null)).Header("WWW-Authenticate"));
    }

    [Theory]
    [InlineData("GET", "/v2/", "")]
    [InlineData("GET", "/v2/a/tags/list", ",scope=\"repository:a:pull\"")]
    [InlineData("PUT", "/v2/a/manifests/b", ",scope=\"repository:a:pull repository:a:push\"")]
    [InlineData("GET", "/v2/_catalog", ",scope=\"registry:catalog:*\"")]
    public async Task The_stand_in_asks_for_actions_one_by_one_and_takes_any_header(string method, string path, string scope)
    {
        await using var registry = await TestRegistry.StartAsync(configuration => configuration with { Auth = new() { Silly = new SillyConfiguration("r", "s") } });
        var answer = (await registry.Http.SendAsync(new HttpMethod(method), path, null, Token)).MustBe(System.Net.HttpStatusCode.Unauthorized);
        Assert.Equal($"Bearer realm=\"r\",service=\"s\"{scope}", answer.Header("WWW-Authenticate"));
        answer = await registry.Http.SendAsync(new HttpMethod(method), path, null, new Dictionary<string, string> { ["Authorization"] = "x" }, Token);
        Assert.NotEqual(System.Net.HttpStatusCode.Unauthorized, answer.Status);
    }
}
