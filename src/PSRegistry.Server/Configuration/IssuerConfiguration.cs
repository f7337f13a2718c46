namespace PSRegistry.Server.Configuration;

/// <summary>The <c>auth.htpasswd.issuer</c> section: this registry gives out tokens itself to the users of its file.</summary>
public sealed record IssuerConfiguration
{
    /// <summary>What tokens say in <c>iss</c>. Key <c>name</c>. Default: <c>psregistry</c>.</summary>
    public string Name { get; init; } = "psregistry";

    /// <summary>What this registry is called in challenges, and the audience of tokens. Key <c>service</c>. Default: <c>psregistry</c>.</summary>
    public string Service { get; init; } = "psregistry";

    /// <summary>How long an access token is good, 60 s to 24 h. Key <c>expiration</c>. Default: 5 minutes.</summary>
    public TimeSpan Expiration { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a refresh token is good, which <c>docker login</c> keeps instead of the password. Key <c>refreshexpiration</c>. Default: a year.</summary>
    public TimeSpan RefreshExpiration { get; init; } = TimeSpan.FromDays(365);

    /// <summary>After how long a new key signs tokens. Key <c>rotation</c>. Default: 30 days.</summary>
    public TimeSpan Rotation { get; init; } = TimeSpan.FromDays(30);

    /// <summary>The folder of the keys, as written (it may be relative). Key <c>keys</c>. Default: null, <c>psregistry/token-keys</c> beside the data.</summary>
    public string? Keys { get; init; }
}
