using System.Globalization;
using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace PSRegistry.Server.Auth;

/// <summary>A JSON Web Key Set (RFC 7517, 5) as it stands in a file.</summary>
/// <param name="Keys">The keys that tokens may be signed with.</param>
/// <param name="Remarks">What is wrong with the others, each with its place and never with its content.</param>
internal sealed record KeySetText(IReadOnlyList<TrustedKey> Keys, IReadOnlyList<string> Remarks)
{
    /// <summary>Reads a key set; null for what is none. A key that cannot be used lets nobody in, and leaves the others alone.</summary>
    public static KeySetText? Parse(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            var root = document.RootElement;
            if (root.ValueKind is not JsonValueKind.Object || !root.TryGetProperty("keys", out var list) || list.ValueKind is not JsonValueKind.Array)
                return null;
            var keys = new List<TrustedKey>();
            var remarks = new List<string>();
            foreach (var (number, element) in list.EnumerateArray().Index())
            {
                if (Read(element, out var remark) is { } key)
                    keys.Add(key);
                else
                    remarks.Add(string.Create(CultureInfo.InvariantCulture, $"key {number + 1} of the set {remark}; no token is verified with it"));
            }
            return new KeySetText(keys, remarks);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Reads one key (RFC 7517, 4).</summary>
    public static TrustedKey? Read(JsonElement element, out string remark)
    {
        remark = "is no JSON Web Key";
        JsonWebKey key;
        try
        {
            key = new JsonWebKey(element.GetRawText());
        }
        catch (ArgumentException)
        {
            return null;
        }
        remark = WhyNot(key);
        return key.Use is "enc" ? null : TrustedKey.Of(key);
    }

    private static string WhyNot(JsonWebKey key) => key.Kty switch
    {
        JsonWebAlgorithmsKeyTypes.Octet => "is a shared secret, and the keys of tokens here are public",
        "OKP" => "is for EdDSA, which cannot be verified on this platform",
        JsonWebAlgorithmsKeyTypes.RSA or JsonWebAlgorithmsKeyTypes.EllipticCurve when key.Use is "enc" => "is for encryption",
        JsonWebAlgorithmsKeyTypes.RSA or JsonWebAlgorithmsKeyTypes.EllipticCurve => "is damaged, or on a curve other than P-256, P-384 and P-521",
        _ => "is neither RSA nor EC",
    };
}
