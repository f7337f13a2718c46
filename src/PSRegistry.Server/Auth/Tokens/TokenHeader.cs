using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace PSRegistry.Server.Auth;

/// <summary>What the header of a token says of the key that signed it (RFC 7515, 4.1). Nothing in it is signed by anybody yet.</summary>
/// <param name="KeyId"><c>kid</c></param>
/// <param name="Chain"><c>x5c</c></param>
/// <param name="Key"><c>jwk</c>; null where there is none, or none that can be used.</param>
/// <param name="KeyChain">The <c>x5c</c> inside the <c>jwk</c>.</param>
/// <param name="HasKey">Whether there is a <c>jwk</c>.</param>
/// <param name="HasConditions">Whether there is a <c>crit</c>: something that must be understood, and is not.</param>
internal sealed record TokenHeader(string? KeyId, IReadOnlyList<string>? Chain, TrustedKey? Key, IReadOnlyList<string>? KeyChain, bool HasKey, bool HasConditions)
{
    /// <summary>Reads the first part of a token; null when it is no JSON object of the right shapes.</summary>
    public static TokenHeader? Parse(string encoded)
    {
        try
        {
            using var document = JsonDocument.Parse(Base64UrlEncoder.DecodeBytes(encoded));
            var header = document.RootElement;
            var hasKey = header.TryGetProperty("jwk", out var key);
            return new TokenHeader(
                header.TryGetProperty("kid", out var id) ? id.GetString() : null,
                Texts(header),
                hasKey ? KeySetText.Read(key, out _) : null,
                hasKey ? Texts(key) : null,
                hasKey,
                header.TryGetProperty("crit", out _));
        }
        catch (Exception fault) when (fault is JsonException or FormatException or InvalidOperationException)
        {
            return null;
        }
    }

    private static List<string>? Texts(JsonElement owner) =>
        owner.TryGetProperty("x5c", out var list) ? [.. list.EnumerateArray().Select(item => item.GetString() ?? "")] : null;
}
