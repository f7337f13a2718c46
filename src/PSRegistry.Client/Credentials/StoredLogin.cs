using System.Net;

namespace PSRegistry.Client;

/// <summary>A login that docker, podman or a credential helper keeps.</summary>
/// <param name="Source">Where it was found: a file, or a helper.</param>
public sealed record StoredLogin(string Source)
{
    /// <summary>User name and password; null where an identity token stands for them.</summary>
    public NetworkCredential? Credential { get; init; }

    /// <summary>The identity token; null where there is none.</summary>
    public string? IdentityToken { get; init; }

    /// <summary>These options with the login.</summary>
    public RegistryClientOptions Apply(RegistryClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options with { Credential = Credential, IdentityToken = IdentityToken };
    }

    /// <summary>Where it was found, and nothing of what.</summary>
    public override string ToString() => Source;

    private bool PrintMembers(System.Text.StringBuilder text)
    {
        text.Append("Source = ").Append(Source);
        return true;
    }
}
