namespace PSRegistry.Server.Configuration;

/// <summary>Whether a value stays out of everything that is printed: secrets, and what may hold one.</summary>
internal static class HiddenValue
{
    private static readonly string[] Words =
        ["secret", "password", "token", "accountkey", "accesskey", "connectionstring", "apikey", "licensekey", "containerkey", "username"];

    /// <param name="key">The key; null for one that nobody here knows: what was meant may be a password.</param>
    /// <param name="name">Its name.</param>
    public static bool Is(SchemaKey? key, string name) => key switch
    {
        null or { Kind: KeyKind.FreeForm } => true,
        { Kind: KeyKind.NameMap } => false,
        { Kind: KeyKind.HeaderMap } => key.Path != "http.headers",
        _ => Words.Any(word => name.Contains(word, StringComparison.OrdinalIgnoreCase)),
    };

    /// <summary>A login can stand before the host of any address.</summary>
    public static bool HoldsLogin(string text) =>
        text.Contains("://", StringComparison.Ordinal) && text.Contains('@', StringComparison.Ordinal);
}
