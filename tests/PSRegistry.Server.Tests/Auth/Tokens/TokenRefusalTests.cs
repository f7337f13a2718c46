using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using PSRegistry.Testing;

namespace PSRegistry.Server.Tests.Auth.Tokens;

/// <summary>Whatever is wrong with a token, its bearer does not come in.</summary>
public sealed class TokenRefusalTests
{
    private static readonly Dictionary<string, Func<TokenRegistry, string>> Tokens = new()
    {
        ["a letter"] = _ => "a",
        ["two parts"] = _ => "a.b",
        ["three parts of nothing"] = _ => "..",
        ["three letters"] = _ => "a.b.c",
        ["five parts"] = t => t.Good() + ".a.b",
        ["no base 64"] = t => "!!" + t.Good(),
        ["no JSON inside"] = _ => $"{TokenSigner.Encode("hello")}.{TokenSigner.Encode("world")}.c2ln",
        ["a list as header"] = t => $"{TokenSigner.Encode("[]")}.{t.Good().Split('.')[1]}.c2ln",
        ["null as header"] = t => $"{TokenSigner.Encode("null")}.{t.Good().Split('.')[1]}.c2ln",
        ["a number as kid"] = t => t.Ec.Sign(TokenRegistry.Claims(), new JsonObject { ["kid"] = 5 }),
        ["a text as x5c"] = t => t.Ec.Sign(TokenRegistry.Claims(), new JsonObject { ["x5c"] = "a" }),
        ["a text as jwk"] = t => t.Ec.Sign(TokenRegistry.Claims(), new JsonObject { ["jwk"] = "a" }),
        ["header nested deep"] = t => $"{TokenSigner.Encode(new string('[', 5000) + new string(']', 5000))}.{t.Good().Split('.')[1]}.c2ln",
        ["oversized"] = t => t.Ec.Sign(With("filling", new string('a', 19_000)), new JsonObject { ["kid"] = t.Ec.Thumbprint }),

        ["alg none without a signature"] = t => Unsigned(t, "none"),
        ["alg None without a signature"] = t => Unsigned(t, "None"),
        ["alg none with a signature"] = t => t.Ec.Sign(TokenRegistry.Claims(), new JsonObject { ["alg"] = "none", ["kid"] = t.Ec.Thumbprint }),
        ["no alg"] = t => $"{TokenSigner.Encode($$"""{"typ":"JWT","kid":"{{t.Ec.Thumbprint}}"}""")}.{t.Good().Split('.')[1]}.c2ln",
        ["a good alg without a signature"] = t => Unsigned(t, "ES256"),
        ["HS256 with the public key as secret"] = t => Shared(t, t.Rsa.Key.ExportSubjectPublicKeyInfo()),
        ["HS256 with the public key's PEM as secret"] = t => Shared(t, Encoding.ASCII.GetBytes(t.Rsa.Key.ExportSubjectPublicKeyInfoPem())),
        ["HS256 without a secret"] = t => Shared(t, []),
        ["EdDSA"] = t => t.Ec.Sign(TokenRegistry.Claims(), new JsonObject { ["alg"] = "EdDSA", ["kid"] = t.Ec.Thumbprint }),
        ["an algorithm of another kind of key"] = t => t.Ec.Sign(TokenRegistry.Claims(), new JsonObject { ["alg"] = "RS256", ["kid"] = t.Ec.Thumbprint }),
        ["conditions"] = t => t.Ec.Sign(TokenRegistry.Claims(), new JsonObject { ["crit"] = new JsonArray("b64"), ["b64"] = false, ["kid"] = t.Ec.Thumbprint }),

        ["another key under a trusted name"] = t => t.Stranger.Sign(TokenRegistry.Claims(), new JsonObject { ["kid"] = t.Ec.Thumbprint }),
        ["a key that is not trusted"] = t => TokenRegistry.Sign(t.Stranger, TokenRegistry.Claims()),
        ["no name of a key"] = t => t.Ec.Sign(TokenRegistry.Claims(), []),
        ["an empty name of a key"] = t => t.Ec.Sign(TokenRegistry.Claims(), new JsonObject { ["kid"] = "" }),
        ["a jwk that is not trusted"] = t => t.Stranger.Sign(TokenRegistry.Claims(), new JsonObject { ["jwk"] = t.Stranger.Jwk() }),
        ["a jwk that is not trusted, called like one that is"] = t => t.Stranger.Sign(TokenRegistry.Claims(), new JsonObject { ["jwk"] = Named(t.Stranger.Jwk(), "rsa-1"), ["kid"] = "rsa-1" }),
        ["changed claims"] = t => Changed(t.Good()),
        ["a changed signature"] = t => t.Good()[..^4] + "AAAA",
        ["a signature cut short"] = t => t.Good()[..^10],

        ["expired"] = t => TokenRegistry.Sign(t.Ec, With("exp", Now(-90))),
        ["no end"] = t => TokenRegistry.Sign(t.Ec, Without("exp")),
        ["an end that is no number"] = t => TokenRegistry.Sign(t.Ec, With("exp", "tomorrow")),
        ["not yet valid"] = t => TokenRegistry.Sign(t.Ec, With("nbf", Now(90))),
        ["another audience"] = t => TokenRegistry.Sign(t.Ec, With("aud", "registry.other")),
        ["another audience by a slash"] = t => TokenRegistry.Sign(t.Ec, With("aud", TokenRegistry.Service + "/")),
        ["another audience by a capital"] = t => TokenRegistry.Sign(t.Ec, With("aud", "Registry.test")),
        ["a list of other audiences"] = t => TokenRegistry.Sign(t.Ec, With("aud", new JsonArray("a", "b"))),
        ["an empty list of audiences"] = t => TokenRegistry.Sign(t.Ec, With("aud", new JsonArray())),
        ["no audience"] = t => TokenRegistry.Sign(t.Ec, Without("aud")),
        ["another issuer"] = t => TokenRegistry.Sign(t.Ec, With("iss", "https://auth.other")),
        ["no issuer"] = t => TokenRegistry.Sign(t.Ec, Without("iss")),
        ["a text as access"] = t => TokenRegistry.Sign(t.Ec, With("access", "all")),
        ["access without a name"] = t => TokenRegistry.Sign(t.Ec, With("access", new JsonArray(new JsonObject { ["type"] = "repository", ["actions"] = new JsonArray("pull") }))),
        ["a number as action"] = t => TokenRegistry.Sign(t.Ec, With("access", new JsonArray(new JsonObject { ["type"] = "repository", ["name"] = "a/b", ["actions"] = new JsonArray(1) }))),
    };

    public static TheoryData<string> Names => [.. Tokens.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task It_is_401_with_invalid_token(string name)
    {
        await using var tokens = await TokenRegistry.StartAsync();
        var token = Tokens[name](tokens);
        var answer = (await tokens.GetAsync("/v2/a/b/tags/list", token)).MustBe(HttpStatusCode.Unauthorized);
        Assert.Equal(
            "Bearer realm=\"https://auth.test/token\",service=\"registry.test\",scope=\"repository:a/b:pull\",error=\"invalid_token\"",
            answer.Header("WWW-Authenticate"));
        Assert.Equal("UNAUTHORIZED", (string?)answer.Json["errors"]![0]!["code"]);
        (await tokens.GetAsync("/v2/", token)).MustBe(HttpStatusCode.Unauthorized);

        // The reason is in the log, the token is not; and the next one comes in.
        for (var i = 0; i < 250 && !tokens.Registry.LogLines.Any(IsRefusal); i++)
            await Task.Delay(20, TestContext.Current.CancellationToken);
        Assert.Contains(tokens.Registry.LogLines, IsRefusal);
        foreach (var part in token.Split('.').Where(part => part.Length > 8))
            Assert.DoesNotContain(tokens.Registry.LogLines, line => line.Contains(part, StringComparison.Ordinal));
        (await tokens.GetAsync("/v2/", tokens.Good())).MustBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("Authorization: Bearer")]
    [InlineData("Authorization: Bearer ")]
    [InlineData("Authorization: Basic YW5uOnNlY3JldA==")]
    [InlineData("Authorization: GOOD")]
    [InlineData("Authorization: Bearer GOOD\r\nAuthorization: Bearer GOOD")]
    [InlineData("X-Authorization: Bearer GOOD")]
    public async Task What_is_no_token_is_401_without_an_error(string header)
    {
        await using var tokens = await TokenRegistry.StartAsync();
        header = header.Replace("GOOD", tokens.Good(), StringComparison.Ordinal);
        var answer = await tokens.Registry.SendRawAsync($"GET /v2/ HTTP/1.1\r\nHost: a\r\n{header}\r\nConnection: close\r\n\r\n", TestContext.Current.CancellationToken);
        Assert.StartsWith("HTTP/1.1 401 ", answer, StringComparison.Ordinal);
        Assert.Contains("WWW-Authenticate: Bearer realm=\"https://auth.test/token\",service=\"registry.test\"\r\n", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_scheme_is_understood_in_any_case()
    {
        await using var tokens = await TokenRegistry.StartAsync();
        var answer = await tokens.Registry.SendRawAsync($"GET /v2/ HTTP/1.1\r\nHost: a\r\nAuthorization: bEARER  {tokens.Good()}\r\nConnection: close\r\n\r\n", TestContext.Current.CancellationToken);
        Assert.StartsWith("HTTP/1.1 200 ", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_came_of_a_thousand_mutations_of_a_good_token_never_comes_in_nor_breaks_anything()
    {
        await using var tokens = await TokenRegistry.StartAsync();
        var good = tokens.Good();
        var random = new Random(1);
        await Parallel.ForAsync(0, 1000, TestContext.Current.CancellationToken, async (_, _) =>
        {
            var letters = good.ToCharArray();
            lock (random)
            {
                // Not the last letter, whose last bits say nothing.
                for (var changes = random.Next(1, 4); changes > 0; changes--)
                    letters[random.Next(letters.Length - 1)] = "ABCxyz09-_."[random.Next(11)];
            }
            if (!letters.AsSpan().SequenceEqual(good))
                (await tokens.GetAsync("/v2/", new string(letters))).MustBe(HttpStatusCode.Unauthorized);
        });
    }

    private static bool IsRefusal(string line) => line.Contains("a token from 127.0.0.1:", StringComparison.Ordinal);

    private static long Now(int seconds) => DateTimeOffset.UtcNow.ToUnixTimeSeconds() + seconds;

    private static JsonObject With(string name, JsonNode value)
    {
        var claims = TokenRegistry.Claims();
        claims[name] = value;
        return claims;
    }

    private static JsonObject Without(string name)
    {
        var claims = TokenRegistry.Claims();
        claims.Remove(name);
        return claims;
    }

    private static JsonObject Named(JsonObject key, string name)
    {
        key["kid"] = name;
        return key;
    }

    private static string Unsigned(TokenRegistry tokens, string algorithm) =>
        $"{TokenSigner.Encode(new JsonObject { ["alg"] = algorithm, ["kid"] = tokens.Ec.Thumbprint }.ToJsonString())}.{TokenSigner.Encode(TokenRegistry.Claims().ToJsonString())}.";

    private static string Shared(TokenRegistry tokens, byte[] secret)
    {
        var signed = $"{TokenSigner.Encode(new JsonObject { ["alg"] = "HS256", ["kid"] = tokens.Rsa.Thumbprint }.ToJsonString())}.{TokenSigner.Encode(TokenRegistry.Claims().ToJsonString())}";
        return $"{signed}.{Base64Url.EncodeToString(HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes(signed)))}";
    }

    private static string Changed(string token)
    {
        var parts = token.Split('.');
        var claims = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[1])).Replace("a/b", "a/c", StringComparison.Ordinal);
        return $"{parts[0]}.{TokenSigner.Encode(claims)}.{parts[2]}";
    }
}
