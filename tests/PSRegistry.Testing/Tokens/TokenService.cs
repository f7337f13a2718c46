using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace PSRegistry.Testing;

/// <summary>
/// A token server beside a registry that trusts it: everybody may pull, and its one user may do everything. One config.yml serves the
/// original and ours.
/// </summary>
public sealed class TokenService : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ConcurrentQueue<string> _issued = new();
    private TokenServer? _server;

    private TokenService(TokenSigner signer)
    {
        Signer = signer;
        File.WriteAllText(_folder["bundle.pem"], Authority.Pem + Authority.ForTokens(signer.Key).Pem);
    }

    /// <summary>Who gives out its tokens.</summary>
    public const string Issuer = "token service";

    /// <summary>What it calls the registry.</summary>
    public const string Service = "registry.test";

    /// <summary>The key of its tokens.</summary>
    public TokenSigner Signer { get; }

    /// <summary>The CA that is trusted beside that key.</summary>
    public TestAuthority Authority { get; } = TestAuthority.Make();

    /// <summary>The server.</summary>
    public TokenServer Server => _server ?? throw new InvalidOperationException("not started");

    /// <summary>Every token that was given out.</summary>
    public IReadOnlyCollection<string> Issued => _issued;

    /// <summary>The <c>auth</c> section of a registry that trusts it.</summary>
    public string Yaml => $"auth:\n  token:\n    realm: '{Server.Realm}'\n    service: '{Service}'\n    issuer: '{Issuer}'\n    rootcertbundle: '{_folder["bundle.pem"]}'\n";

    /// <summary>Starts it.</summary>
    /// <param name="algorithm">By which it signs.</param>
    /// <param name="name">Makes the header in which a token names its key; null for the form of libtrust, which the original understands too.</param>
    public static async Task<TokenService> StartAsync(string algorithm = "ES256", Func<TokenService, JsonObject>? name = null)
    {
        var service = new TokenService(TokenSigner.Make(algorithm));
        service._server = await new TokenServer
        {
            Service = Service,
            IsPublic = scope => scope.EndsWith(":pull", StringComparison.Ordinal),
            Sign = (user, scopes) =>
            {
                var header = name?.Invoke(service) ?? new JsonObject { ["kid"] = service.Signer.LibtrustId };
                var token = service.Signer.Sign(TokenSigner.Claims(Issuer, Service, user, scopes), header);
                service._issued.Enqueue(token);
                return token;
            },
        }.StartAsync();
        return service;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        Signer.Dispose();
        Authority.Dispose();
        await _folder.DisposeAsync();
    }
}
