using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace PSRegistry.Server.Auth;

/// <summary>What a verified token says of its bearer: <c>sub</c> and <c>access</c> (Docker registry token specification, "Token claims").</summary>
internal static class TokenClaims
{
    /// <summary>Reads the second part of a token; null when its shapes are wrong.</summary>
    public static Caller? Parse(string encoded)
    {
        try
        {
            using var document = JsonDocument.Parse(Base64UrlEncoder.DecodeBytes(encoded));
            var claims = document.RootElement;
            var subject = claims.TryGetProperty("sub", out var sub) ? sub.GetString() : null;
            var access = claims.TryGetProperty("access", out var list) && list.ValueKind is not JsonValueKind.Null ? list.EnumerateArray().Select(Grant).ToArray() : [];
            return new Caller(subject ?? "", access);
        }
        catch (Exception fault) when (fault is JsonException or FormatException or InvalidOperationException or KeyNotFoundException)
        {
            return null;
        }
    }

    private static ResourceScope Grant(JsonElement entry)
    {
        var actions = AccessActions.None;
        if (entry.TryGetProperty("actions", out var names) && names.ValueKind is not JsonValueKind.Null)
        {
            foreach (var name in names.EnumerateArray())
                actions |= ResourceScope.ActionOf(name.GetString());
        }
        return new ResourceScope(entry.GetProperty("type").GetString() ?? "", entry.GetProperty("name").GetString() ?? "", actions);
    }
}
