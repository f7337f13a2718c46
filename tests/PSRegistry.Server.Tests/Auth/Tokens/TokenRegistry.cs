using System.Text.Json.Nodes;
using PSRegistry.Server.Configuration;
using PSRegistry.Testing;

namespace PSRegistry.Server.Tests.Auth.Tokens;

/// <summary>A registry that takes tokens, and all that it takes to make them: two keys in a key set, and a CA.</summary>
internal sealed class TokenRegistry : IAsyncDisposable
{
    public const string Issuer = "https://auth.test";
    public const string Service = "registry.test";
    public const string Realm = "https://auth.test/token";
    public const string Repository = "a/b";

    private readonly TemporaryFolder _folder = new();
    private TestRegistry? _registry;

    /// <summary>A key of the set, where it goes by its thumbprint alone.</summary>
    public TokenSigner Ec { get; } = TokenSigner.Make("ES256");

    /// <summary>A key of the set, called <c>rsa-1</c>.</summary>
    public TokenSigner Rsa { get; } = TokenSigner.Make("RS256");

    /// <summary>A key that nobody trusts.</summary>
    public TokenSigner Stranger { get; } = TokenSigner.Make("ES256");

    /// <summary>The CA of the bundle.</summary>
    public TestAuthority Authority { get; } = TestAuthority.Make();

    public string KeySetFile => _folder["keys.json"];

    public string BundleFile => _folder["bundle.pem"];

    public TestRegistry Registry => _registry ?? throw new InvalidOperationException("not started");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<TokenRegistry> StartAsync(Func<TokenConfiguration, TokenConfiguration>? change = null, Func<TokenRegistry, string>? bundle = null)
    {
        var tokens = new TokenRegistry();
        await File.WriteAllTextAsync(tokens.KeySetFile, TokenSigner.KeySet((tokens.Ec, null), (tokens.Rsa, "rsa-1")), Token);
        await File.WriteAllTextAsync(tokens.BundleFile, bundle?.Invoke(tokens) ?? tokens.Authority.Pem, Token);
        var configuration = new TokenConfiguration
        {
            Realm = Realm,
            Service = Service,
            Issuer = Issuer,
            KeySet = tokens.KeySetFile,
            RootCertificates = tokens.BundleFile,
        };
        configuration = change?.Invoke(configuration) ?? configuration;
        tokens._registry = await TestRegistry.StartAsync(registry => registry with { Auth = new() { Token = configuration } });
        return tokens;
    }

    /// <summary>Claims that let in, to pull and push in <see cref="Repository"/> where no scopes are given.</summary>
    public static JsonObject Claims(params string[] scopes) =>
        TokenSigner.Claims(Issuer, Service, "ann", scopes.Length > 0 ? scopes : [$"repository:{Repository}:pull,push"]);

    /// <summary>A good token for scopes.</summary>
    public string Good(params string[] scopes) => Sign(Ec, Claims(scopes));

    /// <summary>A token that names its key by its thumbprint.</summary>
    public static string Sign(TokenSigner signer, JsonObject claims) => signer.Sign(claims, new JsonObject { ["kid"] = signer.Thumbprint });

    public Task<RegistryAnswer> GetAsync(string path, string? token) => SendAsync(HttpMethod.Get, path, token);

    public Task<RegistryAnswer> SendAsync(HttpMethod method, string path, string? token, HttpContent? content = null) => Registry.Http.SendAsync(
        method, path, content, token is null ? new Dictionary<string, string>() : new Dictionary<string, string> { ["Authorization"] = $"Bearer {token}" }, Token);

    public async ValueTask DisposeAsync()
    {
        if (_registry is not null)
            await _registry.DisposeAsync();
        Ec.Dispose();
        Rsa.Dispose();
        Stranger.Dispose();
        Authority.Dispose();
        await _folder.DisposeAsync();
    }
}
