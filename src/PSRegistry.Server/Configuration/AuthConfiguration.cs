using PSRegistry.Server.Auth;

namespace PSRegistry.Server.Configuration;

/// <summary>The <c>auth</c> section. Without a way to log in, whoever reaches the registry may do everything.</summary>
public sealed record AuthConfiguration
{
    /// <summary>Users and bcrypt hashes in a file. Key <c>auth.htpasswd</c>. Default: null, nobody logs in.</summary>
    public HtpasswdConfiguration? Htpasswd { get; init; }

    /// <summary>Tokens of another server. Key <c>auth.token</c>. Default: null, they are not taken.</summary>
    public TokenConfiguration? Token { get; init; }

    /// <summary>A stand-in for tokens, for trials of clients. Key <c>auth.silly</c>. Default: null.</summary>
    public SillyConfiguration? Silly { get; init; }

    /// <summary>The user that a command names beside the configuration; nobody else logs in then.</summary>
    internal OneUser? OneUser { get; init; }
}

/// <summary>The <c>auth.htpasswd</c> section.</summary>
/// <param name="Realm">What clients show when they ask for a login. Key <c>realm</c>, required: printable ASCII.</param>
/// <param name="Path">
/// The file, as written (it may be relative). Key <c>path</c>, required. Where there is none, one is made with the user
/// <c>docker</c> and a password that is shown once.
/// </param>
public sealed record HtpasswdConfiguration(string Realm, string Path)
{
    /// <summary>Whether and how tokens are given out to these users. Key <c>issuer</c>. Default: null, each request brings the password.</summary>
    public IssuerConfiguration? Issuer { get; init; }
}
