using System.Net;
using System.Text.Json.Nodes;
using PSRegistry.Testing;

namespace PSRegistry.Server.Tests.Auth.Tokens;

/// <summary>A token comes in by every way in which it can name a trusted key, and by no other.</summary>
public sealed class TokenKeyTests
{
    [Theory]
    [InlineData("ES256")]
    [InlineData("ES384")]
    [InlineData("ES512")]
    [InlineData("RS256")]
    [InlineData("RS384")]
    [InlineData("RS512")]
    [InlineData("PS256")]
    [InlineData("PS384")]
    [InlineData("PS512")]
    public async Task Every_algorithm_and_name_of_a_key_set_is_taken(string algorithm)
    {
        using var signer = TokenSigner.Make(algorithm);
        await using var tokens = await TokenRegistry.StartAsync();
        await File.WriteAllTextAsync(tokens.KeySetFile, TokenSigner.KeySet((signer, "named")), TestContext.Current.CancellationToken);
        await using var again = await TestRegistry.StartAsync(configuration => configuration with
        {
            Auth = new() { Token = new() { Realm = TokenRegistry.Realm, Service = TokenRegistry.Service, Issuer = TokenRegistry.Issuer, KeySet = tokens.KeySetFile } },
        });
        foreach (var header in new JsonObject[] { new() { ["kid"] = "named" }, new() { ["kid"] = signer.Thumbprint }, new() { ["kid"] = signer.LibtrustId }, new() { ["jwk"] = signer.Jwk() } })
            await MustComeInAsync(again, signer.Sign(TokenRegistry.Claims(), header));
    }

    [Theory]
    [InlineData("ES256")]
    [InlineData("RS256")]
    public async Task A_certificate_of_the_bundle_signs_under_every_name_and_as_its_own_chain(string algorithm)
    {
        using var signer = TokenSigner.Make(algorithm);
        await using var tokens = await TokenRegistry.StartAsync(bundle: t => t.Authority.ForTokens(signer.Key).Pem);
        var certificate = await File.ReadAllTextAsync(tokens.BundleFile, TestContext.Current.CancellationToken);
        foreach (var header in new JsonObject[]
        {
            new() { ["kid"] = signer.Thumbprint }, new() { ["kid"] = signer.LibtrustId }, new() { ["jwk"] = signer.Jwk() },
            new() { ["x5c"] = TokenSigner.Chain(certificate) }, new() { ["jwk"] = Vouched(signer, certificate) },
        })
        {
            (await tokens.GetAsync("/v2/", signer.Sign(TokenRegistry.Claims(), header))).MustBe(HttpStatusCode.OK);
        }
    }

    [Theory]
    [InlineData("ES256")]
    [InlineData("RS256")]
    public async Task A_chain_that_leads_to_a_root_of_the_bundle_is_trusted_straight_and_through_another(string algorithm)
    {
        using var signer = TokenSigner.Make(algorithm);
        await using var tokens = await TokenRegistry.StartAsync();
        using var between = tokens.Authority.MakeBelow("Between");
        foreach (var chain in new[] { TokenSigner.Chain(tokens.Authority.ForTokens(signer.Key).Pem), TokenSigner.Chain(between.ForTokens(signer.Key).Pem, between.Pem) })
        {
            var token = signer.Sign(TokenRegistry.Claims(), new JsonObject { ["x5c"] = chain });
            for (var i = 0; i < 2; i++)
                (await tokens.GetAsync("/v2/", token)).MustBe(HttpStatusCode.OK);
        }
    }

    [Fact]
    public async Task A_chain_may_lead_to_a_certificate_of_the_bundle_that_is_no_root()
    {
        using var signer = TokenSigner.Make();
        using var root = TestAuthority.Make("Root");
        using var between = root.MakeBelow("Between");
        await using var tokens = await TokenRegistry.StartAsync(bundle: _ => between.Pem);
        var token = signer.Sign(TokenRegistry.Claims(), new JsonObject { ["x5c"] = TokenSigner.Chain(between.ForTokens(signer.Key).Pem) });
        (await tokens.GetAsync("/v2/", token)).MustBe(HttpStatusCode.OK);

        // One that is called the same, and what the root signed itself, are something else.
        using var forged = TestAuthority.Make("Between");
        await MustStayOutAsync(tokens, signer, forged.ForTokens(signer.Key).Pem, between.Pem);
        await MustStayOutAsync(tokens, signer, forged.ForTokens(signer.Key).Pem, forged.Pem, between.Pem);
        await MustStayOutAsync(tokens, signer, root.ForTokens(signer.Key).Pem, root.Pem);
    }

    [Fact]
    public async Task A_chain_that_does_not_hold_is_refused()
    {
        using var signer = TokenSigner.Make();
        using var other = TestAuthority.Make("Another CA");
        using var forged = TestAuthority.Make();
        await using var tokens = await TokenRegistry.StartAsync();
        var good = tokens.Authority.ForTokens(signer.Key).Pem;

        await MustStayOutAsync(tokens, signer, other.ForTokens(signer.Key).Pem, other.Pem);
        // The CA of the same name, with its own certificate behind it or the trusted one.
        await MustStayOutAsync(tokens, signer, forged.ForTokens(signer.Key).Pem, forged.Pem);
        await MustStayOutAsync(tokens, signer, forged.ForTokens(signer.Key).Pem, tokens.Authority.Pem);
        await MustStayOutAsync(tokens, signer, tokens.Authority.ForTokens(signer.Key, days: -2).Pem);
        await MustStayOutAsync(tokens, signer);
        await MustStayOutAsync(tokens, signer, [.. Enumerable.Repeat(good, 9)]);

        // A good chain, for another key; and a good chain before which somebody else's certificate was put.
        await MustStayOutAsync(tokens, tokens.Stranger, good);
        await MustStayOutAsync(tokens, tokens.Stranger, other.ForTokens(tokens.Stranger.Key).Pem, good, tokens.Authority.Pem);

        // Without a signature, or with certificates that are none.
        await MustStayOutAsync(tokens, Chained(signer, TokenSigner.Chain(good))[..^86]);
        await MustStayOutAsync(tokens, Chained(signer, new JsonArray("AAAA")));
        await MustStayOutAsync(tokens, Chained(signer, new JsonArray("?")));
        await MustStayOutAsync(tokens, Chained(signer, new JsonArray((JsonNode?)null)));
        (await tokens.GetAsync("/v2/", Chained(signer, TokenSigner.Chain(good)))).MustBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_certificate_that_is_no_CA_vouches_for_nobody()
    {
        using var signer = TokenSigner.Make();
        await using var tokens = await TokenRegistry.StartAsync();
        using var server = tokens.Authority.ForServer();
        using var request = new TestLeaf(server);
        await MustStayOutAsync(tokens, signer, request.Sign(signer.Key), server.Pem);
    }

    [Fact]
    public async Task A_key_in_the_header_whose_certificates_are_for_another_is_refused()
    {
        await using var tokens = await TokenRegistry.StartAsync();
        using var signer = TokenSigner.Make();
        var certificate = tokens.Authority.ForTokens(signer.Key).Pem;
        (await tokens.GetAsync("/v2/", signer.Sign(TokenRegistry.Claims(), new JsonObject { ["jwk"] = Vouched(signer, certificate) }))).MustBe(HttpStatusCode.OK);
        await MustStayOutAsync(tokens, tokens.Stranger.Sign(TokenRegistry.Claims(), new JsonObject { ["jwk"] = Vouched(tokens.Stranger, certificate) }));
        // Certificates that prove nothing are not passed over because the key would do without them.
        await MustStayOutAsync(tokens, tokens.Ec.Sign(TokenRegistry.Claims(), new JsonObject { ["jwk"] = Vouched(tokens.Ec, certificate) }));
    }

    [Fact]
    public async Task An_algorithm_that_is_not_listed_is_refused()
    {
        await using var tokens = await TokenRegistry.StartAsync(token => token with { Algorithms = ["RS256", "RS512"] });
        await MustStayOutAsync(tokens, tokens.Good());
        (await tokens.GetAsync("/v2/", TokenRegistry.Sign(tokens.Rsa, TokenRegistry.Claims()))).MustBe(HttpStatusCode.OK);
    }

    private static JsonObject Vouched(TokenSigner signer, string certificate)
    {
        var key = signer.Jwk();
        key["x5c"] = TokenSigner.Chain(certificate);
        return key;
    }

    private static string Chained(TokenSigner signer, JsonArray chain) => signer.Sign(TokenRegistry.Claims(), new JsonObject { ["x5c"] = chain });

    private static async Task MustComeInAsync(TestRegistry registry, string token) => (await registry.Http.SendAsync(
        HttpMethod.Get, "/v2/", null, new Dictionary<string, string> { ["Authorization"] = "Bearer " + token }, TestContext.Current.CancellationToken)).MustBe(HttpStatusCode.OK);

    private static Task MustStayOutAsync(TokenRegistry tokens, TokenSigner signer, params string[] chain) => MustStayOutAsync(tokens, Chained(signer, TokenSigner.Chain(chain)));

    private static async Task MustStayOutAsync(TokenRegistry tokens, string token) =>
        Assert.Contains("invalid_token", (await tokens.GetAsync("/v2/", token)).MustBe(HttpStatusCode.Unauthorized).Header("WWW-Authenticate"), StringComparison.Ordinal);
}
