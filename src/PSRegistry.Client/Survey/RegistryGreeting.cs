using System.Diagnostics.CodeAnalysis;

namespace PSRegistry.Client;

/// <summary>How a host answers at the base of the API to somebody who has not logged in.</summary>
/// <param name="Reason">Why it is taken for a registry or not, in a sentence.</param>
public sealed record RegistryGreeting(string Reason)
{
    /// <summary>
    /// Whether it is a registry of version 2. It says so by its version header, by an answer that only registries give, or by a challenge for
    /// a token; a web server that merely answers, or asks for a password, is none.
    /// </summary>
    [MemberNotNullWhen(false, nameof(Fault))]
    public bool IsRegistry => Fault is null;

    /// <summary>The failure to tell whoever needs a registry; null for a registry.</summary>
    public RegistryRequestException? Fault { get; init; }

    /// <summary>The header <c>Docker-Distribution-Api-Version</c>, such as <c>registry/2.0</c>; null when it sends none.</summary>
    public string? ApiVersion { get; init; }

    /// <summary>How it asks for a login; null when it does not.</summary>
    public AuthenticationChallenge? Challenge { get; init; }
}
