using System.Net;
using System.Text.Json.Nodes;
using PSRegistry.Testing;

namespace PSRegistry.Host.Tests;

/// <summary>The original and ours trust the same token server by the same config.yml, and answer the same tokens alike.</summary>
public sealed class TokenOriginalTests : IAsyncDisposable
{
    private const string Digest = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private static readonly (HttpMethod Method, string Path)[] Requests =
    [
        (HttpMethod.Get, "/v2/"), (HttpMethod.Head, "/v2/"), (HttpMethod.Get, "/v2/_catalog"), (HttpMethod.Get, "/v2/a/b/tags/list"),
        (HttpMethod.Get, "/v2/a/b/manifests/c"), (HttpMethod.Head, "/v2/a/b/manifests/c"), (HttpMethod.Put, "/v2/a/b/manifests/c"),
        (HttpMethod.Delete, "/v2/a/b/manifests/" + Digest), (HttpMethod.Get, "/v2/a/b/blobs/" + Digest), (HttpMethod.Delete, "/v2/a/b/blobs/" + Digest),
        (HttpMethod.Post, "/v2/a/b/blobs/uploads/"), (HttpMethod.Post, $"/v2/a/b/blobs/uploads/?mount={Digest}&from=c/d"),
        (HttpMethod.Patch, "/v2/a/b/blobs/uploads/4b5a4a3c-96f4-4f2b-9a1b-0d6d0f0a7c11"), (HttpMethod.Put, "/v2/a/b/blobs/uploads/4b5a4a3c-96f4-4f2b-9a1b-0d6d0f0a7c11"),
    ];

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync() => await _folder.DisposeAsync();

    [Theory]
    [InlineData("ES256")]
    [InlineData("RS256")]
    public async Task Challenges_and_answers_are_the_same(string algorithm)
    {
        await using var tokens = await TokenService.StartAsync(algorithm);
        await using var original = await OriginalRegistry.StartAsync(new RegistrySettings { DataFolder = _folder["original"], ExtraYaml = tokens.Yaml }, Token);
        await using var ours = await PSRegistryProgram.StartAsync(new RegistrySettings { DataFolder = _folder["ours"], ExtraYaml = tokens.Yaml }, Token);
        var (different, admitted) = (new List<string>(), 0);
        foreach (var (name, authorization) in Authorizations(tokens))
        {
            foreach (var (method, path) in Requests)
            {
                var (theirs, mine) = (await AskAsync(original, method, path, authorization), await AskAsync(ours, method, path, authorization));
                admitted += mine.IsUnauthorized ? 0 : 1;
                if (theirs != mine)
                    different.Add($"{name}: {method} {path}\n  theirs {theirs}\n  ours   {mine}");
            }
        }
        Assert.Empty(different);
        Assert.Equal(86, admitted);
    }

    private static IEnumerable<(string Name, string? Authorization)> Authorizations(TokenService tokens)
    {
        using var stranger = TokenSigner.Make();
        using var other = TestAuthority.Make("Another CA");
        yield return ("nothing", null);
        yield return ("Basic", "Basic YW5uOndvbGY=");
        yield return ("Bearer alone", "Bearer");
        yield return ("garbage", "Bearer garbage");
        yield return ("three letters", "Bearer a.b.c");
        yield return ("no JSON", $"Bearer {TokenSigner.Encode("a")}.{TokenSigner.Encode("b")}.c2ln");
        yield return ("pull", Good("repository:a/b:pull"));
        yield return ("pull and push", Good("repository:a/b:pull,push"));
        yield return ("pull and push from two entries", Good("repository:a/b:pull", "repository:a/b:push"));
        yield return ("push alone", Good("repository:a/b:push"));
        yield return ("delete", Good("repository:a/b:delete"));
        yield return ("everything", Good("repository:a/b:*"));
        yield return ("the catalog", Good("registry:catalog:*"));
        yield return ("both repositories", Good("repository:a/b:pull,push", "repository:c/d:pull"));
        yield return ("another repository", Good("repository:c/d:*"));
        yield return ("nothing allowed", Good());
        yield return ("jwk", Of(tokens.Signer, new JsonObject { ["jwk"] = Named(tokens.Signer) }, _ => { }));
        yield return ("x5c", Of(tokens.Signer, new JsonObject { ["x5c"] = TokenSigner.Chain(tokens.Authority.ForTokens(tokens.Signer.Key).Pem) }, _ => { }));
        yield return ("x5c of another CA", Of(tokens.Signer, new JsonObject { ["x5c"] = TokenSigner.Chain(other.ForTokens(tokens.Signer.Key).Pem) }, _ => { }));
        yield return ("x5c expired", Of(tokens.Signer, new JsonObject { ["x5c"] = TokenSigner.Chain(tokens.Authority.ForTokens(tokens.Signer.Key, -2).Pem) }, _ => { }));
        yield return ("x5c for another key", Of(stranger, new JsonObject { ["x5c"] = TokenSigner.Chain(tokens.Authority.ForTokens(tokens.Signer.Key).Pem) }, _ => { }));
        yield return ("strange key", Of(stranger, new JsonObject { ["kid"] = stranger.LibtrustId }, _ => { }));
        yield return ("strange key under a trusted name", Of(stranger, Kid(tokens.Signer), _ => { }));
        yield return ("strange jwk", Of(stranger, new JsonObject { ["jwk"] = Named(stranger) }, _ => { }));
        yield return ("no kid", Of(tokens.Signer, [], _ => { }));
        yield return ("alg none", Of(tokens.Signer, new JsonObject { ["alg"] = "none", ["kid"] = tokens.Signer.LibtrustId }, _ => { }));
        yield return ("expired", Of(tokens.Signer, Kid(tokens.Signer), claims => claims["exp"] = Now(-90)));
        yield return ("expired within the leeway", Of(tokens.Signer, Kid(tokens.Signer), claims => claims["exp"] = Now(-20)));
        yield return ("not yet valid", Of(tokens.Signer, Kid(tokens.Signer), claims => claims["nbf"] = Now(90)));
        yield return ("valid soon", Of(tokens.Signer, Kid(tokens.Signer), claims => claims["nbf"] = Now(20)));
        yield return ("another issuer", Of(tokens.Signer, Kid(tokens.Signer), claims => claims["iss"] = "other"));
        yield return ("another audience", Of(tokens.Signer, Kid(tokens.Signer), claims => claims["aud"] = "other"));

        string Good(params string[] scopes) => "Bearer " + tokens.Signer.Sign(TokenSigner.Claims(TokenService.Issuer, TokenService.Service, "ann", scopes), Kid(tokens.Signer));
    }

    private static string Of(TokenSigner signer, JsonObject header, Action<JsonObject> change)
    {
        var claims = TokenSigner.Claims(TokenService.Issuer, TokenService.Service, "ann", "repository:a/b:pull");
        change(claims);
        return "Bearer " + signer.Sign(claims, header);
    }

    private static JsonObject Kid(TokenSigner signer) => new() { ["kid"] = signer.LibtrustId };

    private static JsonObject Named(TokenSigner signer)
    {
        var key = signer.Jwk();
        key["kid"] = signer.LibtrustId;
        return key;
    }

    private static long Now(int seconds) => DateTimeOffset.UtcNow.ToUnixTimeSeconds() + seconds;

    /// <summary>Of an answer all that the two have in common; of one that came in, that it did.</summary>
    private static async Task<Answer> AskAsync(RegistryProcess registry, HttpMethod method, string path, string? authorization)
    {
        var headers = authorization is null ? [] : new Dictionary<string, string> { ["Authorization"] = authorization };
        var answer = await registry.Http.SendAsync(method, path, null, headers, Token);
        if (answer.Status != HttpStatusCode.Unauthorized)
            return new Answer(false, "", "", "");
        var code = method == HttpMethod.Head ? "" : (string?)answer.Json["errors"]![0]!["code"];
        return new Answer(true, InOrder(answer.Header("WWW-Authenticate")), answer.Header("Docker-Distribution-Api-Version"), code ?? "");
    }

    /// <summary>The original names scopes and actions in any order.</summary>
    private static string InOrder(string challenge)
    {
        var parts = challenge.Split('"');
        for (var i = 0; i + 1 < parts.Length; i++)
        {
            if (parts[i].EndsWith("scope=", StringComparison.Ordinal))
                parts[i + 1] = string.Join(' ', parts[i + 1].Split(' ').Select(Sorted).Order(StringComparer.Ordinal));
        }
        return string.Join('"', parts);

        static string Sorted(string scope)
        {
            var colon = scope.LastIndexOf(':') + 1;
            return scope[..colon] + string.Join(',', scope[colon..].Split(',').Order(StringComparer.Ordinal));
        }
    }

    private sealed record Answer(bool IsUnauthorized, string Challenge, string ApiVersion, string Code);
}
