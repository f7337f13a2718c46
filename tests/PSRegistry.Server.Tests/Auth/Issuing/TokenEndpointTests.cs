using System.Buffers.Text;
using System.Net;
using System.Text.Json.Nodes;

namespace PSRegistry.Server.Tests.Auth.Issuing;

/// <summary>Tokens are asked for as docker and others do.</summary>
public sealed class TokenEndpointTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("", "", "http://HOST/token")]
    [InlineData("prefix: /reg/", "", "http://HOST/reg/token")]
    [InlineData("", "X-Forwarded-Proto: https\r\nX-Forwarded-Host: outside.example", "https://outside.example/token")]
    [InlineData("prefix: /reg/", "Forwarded: proto=https;host=outside.example", "https://outside.example/reg/token")]
    [InlineData("host: 'https://reg.example'", "X-Forwarded-Host: other.example", "https://reg.example/token")]
    public async Task The_challenge_names_this_registry_as_the_client_sees_it(string http, string headers, string realm)
    {
        await using var registry = await AccessRegistry.StartAsync(AccessRegistry.WithIssuer, http);
        var sent = headers.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(": ")).ToDictionary(pair => pair[0], pair => pair[1]);
        var prefix = http.StartsWith("prefix", StringComparison.Ordinal) ? "/reg" : "";
        var answer = (await registry.Http.SendAsync(HttpMethod.Get, prefix + "/v2/", null, sent, Token)).MustBe(HttpStatusCode.Unauthorized);
        Assert.Equal(
            $"Bearer realm=\"{realm.Replace("HOST", registry.Http.Address.Authority, StringComparison.Ordinal)}\",service=\"psregistry\"", answer.Header("WWW-Authenticate"));
        (await registry.GetAsync(prefix + "/token")).MustBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_user_gets_a_token_for_what_was_asked_and_comes_in_with_it()
    {
        await using var registry = await AccessRegistry.StartAsync(AccessRegistry.WithIssuer);
        await registry.PushAsync("ann:wolf", "a/b");
        var answer = (await registry.GetAsync("/token?service=psregistry&account=ann&client_id=docker&scope=repository:a/b:pull,push%20repository:c:pull&scope=repository(plugin):d:pull&scope=x:y:z", "ann:wolf"))
            .MustBe(HttpStatusCode.OK);
        Assert.Equal((300, "no-store", "repository:a/b:pull,push repository:c:pull repository:d:pull"), ((int)answer.Json["expires_in"]!, answer.Header("Cache-Control"), (string?)answer.Json["scope"]));
        Assert.Equal((string?)answer.Json["token"], (string?)answer.Json["access_token"]);
        Assert.Null(answer.Json["refresh_token"]);

        var token = (string)answer.Json["token"]!;
        var claims = Claims(token);
        Assert.Equal(("psregistry", "psregistry", "ann"), ((string?)claims["iss"], (string?)claims["aud"], (string?)claims["sub"]));
        Assert.Equal(300, (long)claims["exp"]! - (long)claims["iat"]!);
        (await registry.GetAsync("/v2/", token)).MustBe(HttpStatusCode.OK);
        (await registry.GetAsync("/v2/a/b/tags/list", token)).MustBe(HttpStatusCode.OK);
        var other = (await registry.GetAsync("/v2/e/tags/list", token)).MustBe(HttpStatusCode.Unauthorized);
        Assert.Contains("scope=\"repository:e:pull\",error=\"insufficient_scope\"", other.Header("WWW-Authenticate"), StringComparison.Ordinal);
        (await registry.SendAsync("DELETE", "/v2/a/b/manifests/v1", token)).MustBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("ann:bear")]
    [InlineData("nobody:wolf")]
    [InlineData("ann:")]
    public async Task Who_is_nobody_gets_none(string login)
    {
        await using var registry = await AccessRegistry.StartAsync(AccessRegistry.WithIssuer);
        (await registry.GetAsync("/token", login)).MustBe(HttpStatusCode.Unauthorized);
        (await registry.PostTokenAsync(("grant_type", "password"), ("username", login.Split(':')[0]), ("password", login.Split(':')[1]))).MustBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_strangers_token_is_worth_nothing_without_rules()
    {
        await using var registry = await AccessRegistry.StartAsync(AccessRegistry.WithIssuer);
        await registry.PushAsync("ann:wolf", "a");
        var answer = (await registry.GetAsync("/token?scope=repository:a:pull&scope=registry:catalog:*&offline_token=true")).MustBe(HttpStatusCode.OK);
        Assert.Equal(("", null), ((string?)answer.Json["scope"], answer.Json["refresh_token"]));
        var token = (string)answer.Json["token"]!;
        (await registry.GetAsync("/v2/a/tags/list", token)).MustBe(HttpStatusCode.Unauthorized);
        (await registry.GetAsync("/v2/_catalog", token)).MustBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_password_in_each_request_goes_on_working()
    {
        await using var registry = await AccessRegistry.StartAsync(AccessRegistry.WithIssuer);
        await registry.PushAsync("bob:bear", "a");
        (await registry.GetAsync("/v2/a/tags/list", "bob:bear")).MustBe(HttpStatusCode.OK);
        var refused = (await registry.GetAsync("/v2/a/tags/list", "bob:wolf")).MustBe(HttpStatusCode.Unauthorized);
        Assert.StartsWith("Bearer ", refused.Header("WWW-Authenticate"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_with_a_password_or_a_refresh_token_does_the_same()
    {
        await using var registry = await AccessRegistry.StartAsync(AccessRegistry.WithIssuer);
        await registry.PushAsync("ann:wolf", "a");
        var first = (await registry.PostTokenAsync(
            ("grant_type", "password"), ("username", "ann"), ("password", "wolf"), ("service", "psregistry"), ("client_id", "docker"), ("access_type", "offline"), ("scope", "repository:a:pull"))).MustBe(HttpStatusCode.OK);
        (await registry.GetAsync("/v2/a/tags/list", (string)first.Json["access_token"]!)).MustBe(HttpStatusCode.OK);
        var refresh = (string)first.Json["refresh_token"]!;
        var second = (await registry.PostTokenAsync(("grant_type", "refresh_token"), ("refresh_token", refresh), ("service", "psregistry"), ("scope", "repository:a:pull repository:b:push"))).MustBe(HttpStatusCode.OK);
        (await registry.GetAsync("/v2/a/tags/list", (string)second.Json["access_token"]!)).MustBe(HttpStatusCode.OK);
        Assert.Equal(("repository:a:pull repository:b:push", null), ((string?)second.Json["scope"], second.Json["refresh_token"]));
        var offline = (await registry.GetAsync("/token?offline_token=true", "ann:wolf")).MustBe(HttpStatusCode.OK);
        (await registry.PostTokenAsync(("grant_type", "refresh_token"), ("refresh_token", (string)offline.Json["refresh_token"]!))).MustBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task What_is_no_request_for_a_token_is_400()
    {
        await using var registry = await AccessRegistry.StartAsync(AccessRegistry.WithIssuer);
        (await registry.PostTokenAsync(("grant_type", "authorization_code"))).MustBe(HttpStatusCode.BadRequest);
        (await registry.PostTokenAsync()).MustBe(HttpStatusCode.BadRequest);
        (await registry.GetAsync("/token?service=elsewhere", "ann:wolf")).MustBe(HttpStatusCode.BadRequest);
        (await registry.PostTokenAsync(("grant_type", "password"), ("username", "ann"), ("password", new string('a', 100_000)))).MustBe(HttpStatusCode.BadRequest);
        (await registry.SendAsync("PUT", "/token")).MustBe(HttpStatusCode.MethodNotAllowed);
        var scopes = string.Concat(Enumerable.Range(0, 64).Select(i => $" repository:{new string('a', 250)}{i}:pull,push"));
        using var form = new FormUrlEncodedContent([new("grant_type", "password"), new("username", "ann"), new("password", "wolf"), new("scope", scopes)]);
        (await registry.SendAsync("POST", "/token", content: form)).MustBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Without_an_issuer_there_is_no_such_place_and_passwords_are_asked_for()
    {
        await using var registry = await AccessRegistry.StartAsync(AccessRegistry.WithPasswords);
        Assert.StartsWith("Basic ", (await registry.GetAsync("/token")).MustBe(HttpStatusCode.Unauthorized).Header("WWW-Authenticate"), StringComparison.Ordinal);
        (await registry.GetAsync("/token", "ann:wolf")).MustBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Neither_tokens_nor_passwords_are_logged()
    {
        await using var registry = await AccessRegistry.StartAsync(AccessRegistry.WithIssuer);
        var answer = (await registry.GetAsync("/token?offline_token=true&scope=repository:a:pull", "ann:wolf")).Json;
        await registry.PostTokenAsync(("grant_type", "password"), ("username", "ann"), ("password", "s3cret!"));
        await registry.PostTokenAsync(("grant_type", "refresh_token"), ("refresh_token", (string)answer["refresh_token"]! + "x"));
        await registry.GetAsync("/v2/", (string)answer["token"]! + "x");
        await AccessRegistry.UntilAsync(() => Task.FromResult(registry.LogLines.Count(line => line.Contains("response completed", StringComparison.Ordinal) && line.Contains("/token", StringComparison.Ordinal)) == 3));
        Assert.DoesNotContain(registry.LogLines, line => line.Contains("s3cret", StringComparison.Ordinal) || line.Contains("eyJ", StringComparison.Ordinal) || line.Contains("psr.", StringComparison.Ordinal));
        Assert.Contains(registry.LogLines, line => line.Contains("reason=refresh-token", StringComparison.OrdinalIgnoreCase) || line.Contains("Reason=refresh-token", StringComparison.Ordinal));
    }

    private static JsonNode Claims(string token) => JsonNode.Parse(Base64Url.DecodeFromChars(token.Split('.')[1]))!;
}
