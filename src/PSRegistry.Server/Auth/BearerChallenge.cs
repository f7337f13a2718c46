using System.Text;

namespace PSRegistry.Server.Auth;

/// <summary>The <c>WWW-Authenticate: Bearer</c> header (RFC 6750, 3; Docker registry token specification, "How to authenticate").</summary>
internal static class BearerChallenge
{
    /// <summary>The token is none, or none of ours.</summary>
    public const string InvalidToken = "invalid_token";

    /// <summary>The token is good, for something else.</summary>
    public const string InsufficientScope = "insufficient_scope";

    /// <param name="realm">Where tokens are given out.</param>
    /// <param name="service">What this registry is called there.</param>
    /// <param name="scope">What a token is needed for; empty for none in particular.</param>
    /// <param name="error">What was wrong with the one that came; null when none did.</param>
    public static string Of(string realm, string service, string scope, string? error)
    {
        var challenge = new StringBuilder("Bearer realm=").Append(Quoted(realm)).Append(",service=").Append(Quoted(service));
        if (scope.Length > 0)
            challenge.Append(",scope=").Append(Quoted(scope));
        if (error is not null)
            challenge.Append(",error=").Append(Quoted(error));
        return challenge.ToString();
    }

    /// <summary>A quoted string of HTTP (RFC 9110, 5.6.4) of printable ASCII.</summary>
    public static string Quoted(string text) => $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
