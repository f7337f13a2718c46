namespace PSRegistry.Server.Configuration;

/// <summary>The <c>auth.token</c> section: another server gives out tokens, and this one takes them. Paths are as written (they may be relative).</summary>
public sealed record TokenConfiguration
{
    /// <summary>Where clients get tokens. Key <c>realm</c>, required unless <see cref="AutoRedirectPath"/> is set: printable ASCII.</summary>
    public string Realm { get; init; } = "";

    /// <summary>What this registry is called there, and the audience of its tokens. Key <c>service</c>, required: printable ASCII.</summary>
    public required string Service { get; init; }

    /// <summary>The issuer whose tokens are taken. Key <c>issuer</c>, required.</summary>
    public required string Issuer { get; init; }

    /// <summary>A PEM file of the certificates that tokens are signed with, or that their x5c chain leads to. Key <c>rootcertbundle</c>.</summary>
    public string? RootCertificates { get; init; }

    /// <summary>A JSON Web Key Set (RFC 7517) of the keys that tokens are signed with. Key <c>jwks</c>.</summary>
    public string? KeySet { get; init; }

    /// <summary>The algorithms of signatures that are taken, by their names in RFC 7518. Key <c>signingalgorithms</c>. Default: all nine that are supported.</summary>
    public IReadOnlyList<string> Algorithms { get; init; } = Auth.SigningAlgorithms.Supported;

    /// <summary>
    /// Where on this registry's own address clients get tokens, instead of <see cref="Realm"/>. Keys <c>autoredirect</c> and
    /// <c>autoredirectpath</c>. Default: null, at the realm.
    /// </summary>
    public string? AutoRedirectPath { get; init; }
}

/// <summary>The <c>auth.silly</c> section, which lets in everybody who sends any Authorization header.</summary>
/// <param name="Realm">Where its challenge says that tokens are. Key <c>realm</c>, required: printable ASCII.</param>
/// <param name="Service">What its challenge calls this registry. Key <c>service</c>, required: printable ASCII.</param>
public sealed record SillyConfiguration(string Realm, string Service);
