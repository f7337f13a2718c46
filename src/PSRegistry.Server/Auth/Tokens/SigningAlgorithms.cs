namespace PSRegistry.Server.Auth;

/// <summary>The algorithms of signatures, by their names in RFC 7518, 3.1.</summary>
internal static class SigningAlgorithms
{
    /// <summary>What is verified here.</summary>
    public static IReadOnlyList<string> Supported { get; } = ["RS256", "RS384", "RS512", "ES256", "ES384", "ES512", "PS256", "PS384", "PS512"];

    /// <summary>Why an algorithm that the original knows is not one of them; null for a name that it does not know either.</summary>
    public static string? WhyNot(string name) => name switch
    {
        "EdDSA" => "signatures by EdDSA cannot be verified on this platform",
        "HS256" or "HS384" or "HS512" => "it signs with a shared secret, and the keys of tokens here are public",
        _ => null,
    };
}
