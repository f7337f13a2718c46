using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using PSRegistry.Testing;

namespace PSRegistry.Server.Tests.Auth.Issuing;

/// <summary>Whatever is wrong with a token that looks like one of this registry's own, its bearer does not come in.</summary>
public sealed class IssuedTokenTests : IAsyncDisposable
{
    private static readonly Dictionary<string, Func<TokenSigner, TokenSigner, string, string>> Tokens = new()
    {
        ["good"] = (own, _, kid) => own.Sign(Claims(), Named(kid)),
        ["of another key under the right name"] = (_, other, kid) => other.Sign(Claims(), Named(kid)),
        ["of a key that it brings along"] = (_, other, _) => other.Sign(Claims(), new JsonObject { ["jwk"] = other.Jwk() }),
        ["alg none"] = (_, _, kid) => $"{TokenSigner.Encode($$"""{"alg":"none","kid":"{{kid}}"}""")}.{TokenSigner.Encode(Claims().ToJsonString())}.",
        ["alg RS256"] = (own, _, kid) => own.Sign(Claims(), new JsonObject { ["alg"] = "RS256", ["kid"] = kid }),
        ["expired"] = (own, _, kid) => own.Sign(With("exp", Now() - 90), Named(kid)),
        ["not yet valid"] = (own, _, kid) => own.Sign(With("nbf", Now() + 90), Named(kid)),
        ["for another service"] = (own, _, kid) => own.Sign(With("aud", "elsewhere"), Named(kid)),
        ["of another issuer"] = (own, _, kid) => own.Sign(With("iss", "somebody"), Named(kid)),
        ["of a user who is not there"] = (own, _, kid) => own.Sign(With("sub", "nobody"), Named(kid)),
        ["oversized"] = (own, _, kid) => own.Sign(With("filling", new string('a', 19_000)), Named(kid)),
    };

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Names => [.. Tokens.Keys];

    public async ValueTask DisposeAsync() => await _folder.DisposeAsync();

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Only_the_good_one_comes_in(string name)
    {
        await using var registry = await AccessRegistry.StartAsync(AccessRegistry.WithIssuer, data: _folder["data"]);
        var key = ECDsa.Create();
        key.ImportFromPem(await File.ReadAllTextAsync(Assert.Single(Directory.GetFiles(_folder["data", "psregistry", "token-keys"])), TestContext.Current.CancellationToken));
        using var own = new TokenSigner(key, "ES256");
        using var other = TokenSigner.Make();
        var answer = await registry.GetAsync("/v2/", Tokens[name](own, other, own.Thumbprint));
        if (name == "good")
            answer.MustBe(HttpStatusCode.OK);
        else
            Assert.Contains("error=\"invalid_token\"", answer.MustBe(HttpStatusCode.Unauthorized).Header("WWW-Authenticate"), StringComparison.Ordinal);
    }

    private static JsonObject Claims() => TokenSigner.Claims("psregistry", "psregistry", "ann", "repository:a:pull");

    private static JsonObject With(string name, JsonNode value)
    {
        var claims = Claims();
        claims[name] = value;
        return claims;
    }

    private static JsonObject Named(string kid) => new() { ["kid"] = kid };

    private static long Now() => DateTimeOffset.UtcNow.ToUnixTimeSeconds();
}
