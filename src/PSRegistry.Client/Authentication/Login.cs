using System.Net;

namespace PSRegistry.Client;

/// <summary>
/// Who a client is: the login that it was given, or else, once the registry asks for one, the login that docker or podman keep for that
/// registry. Nothing is looked for before, since that may run a program.
/// </summary>
internal sealed class Login
{
    private readonly RegistryClientOptions _options;
    private readonly RegistryAddress _registry;
    private readonly Lazy<Task> _search;
    private volatile StoredLogin? _found;

    public Login(RegistryClientOptions options, RegistryAddress registry, CancellationToken clientDisposed)
    {
        _options = options;
        _registry = registry;
        _search = new Lazy<Task>(() => SearchAsync(clientDisposed));
    }

    /// <summary>User name and password; null for none.</summary>
    public NetworkCredential? Credential => IsGiven ? _options.Credential : _found?.Credential;

    /// <summary>The refresh token in their place; null for none.</summary>
    public string? IdentityToken => IsGiven ? _options.IdentityToken : _found?.IdentityToken;

    /// <summary>Whether there is a secret that a token service would be told.</summary>
    public bool IsKnown => Credential is not null || IdentityToken is not null;

    /// <summary>Whether there is a login of any kind, a token for the registry itself included.</summary>
    public bool IsAny => IsKnown || _options.Token is not null;

    /// <summary>Where it was found: a file, or a helper; null for one that was given.</summary>
    public string? Source => _found?.Source;

    /// <summary>Why no login was found where one may be kept, as a sentence behind another; empty when that is not so.</summary>
    public string Excuse { get; private set; } = "";

    /// <summary>The source, as words behind a user's name.</summary>
    public string KeptIn => Source is { } source ? $" (kept in {source})" : "";

    private bool IsGiven => _options.HasLogin || _options.Token is not null;

    /// <summary>Looks for a login, the first time that the registry asks for one.</summary>
    public async ValueTask FindAsync(CancellationToken cancellationToken)
    {
        if (!IsGiven && _options.Logins is not null)
            await _search.Value.WaitAsync(cancellationToken);
    }

    private async Task SearchAsync(CancellationToken clientDisposed)
    {
        try
        {
            var login = await _options.Logins!.FindAsync(_registry, clientDisposed);
            // Whoever kept the login did not say that it may be read on the way, or go to whoever answers.
            var isGuarded = _registry.IsLoopback || !(_registry.IsPlainHttp || _options.SkipCertificateCheck);
            if (login is null || isGuarded)
                _found = login;
            else
                Excuse = $" A login is kept in {login.Source}, but goes only over https with its certificate checked: give one for this.";
        }
        catch (CredentialStoreException fault)
        {
            Excuse = " " + fault.Message;
        }
    }
}
