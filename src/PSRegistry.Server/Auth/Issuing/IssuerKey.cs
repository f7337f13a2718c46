using System.Globalization;
using System.Security.Cryptography;

namespace PSRegistry.Server.Auth;

/// <summary>
/// A key that tokens are signed with here: ECDSA on P-256, and what it takes to know refresh tokens again. Keys are numbered; each new one
/// has the next number.
/// </summary>
internal sealed class IssuerKey
{
    private const string Head = "made ";

    private readonly ECDsa _key;
    private readonly byte[] _refreshSecret;
    private readonly Lock _signing = new();

    private IssuerKey(int number, DateTimeOffset made, ECDsa key)
    {
        (Number, Made, _key) = (number, made, key);
        var pkcs8 = key.ExportPkcs8PrivateKey();
        _refreshSecret = HKDF.DeriveKey(HashAlgorithmName.SHA256, pkcs8, SHA256.HashSizeInBytes, info: "psregistry refresh tokens"u8.ToArray());
        CryptographicOperations.ZeroMemory(pkcs8);
        Public = TrustedKey.Of(key)!;
    }

    public int Number { get; }

    /// <summary>When it was made, to the second.</summary>
    public DateTimeOffset Made { get; }

    /// <summary>What verifies its tokens.</summary>
    public TrustedKey Public { get; }

    /// <summary>The text of a new key: when it was made, and the key in PEM.</summary>
    public static string MakeText(DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return string.Create(CultureInfo.InvariantCulture, $"{Head}{now.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}\n{key.ExportPkcs8PrivateKeyPem()}\n");
    }

    /// <summary>Reads such a text; null for one that is damaged.</summary>
    public static IssuerKey? TryParse(int number, string text)
    {
        var line = text.AsSpan(0, Math.Max(0, text.IndexOf('\n', StringComparison.Ordinal)));
        if (!line.StartsWith(Head, StringComparison.Ordinal)
            || !DateTimeOffset.TryParseExact(line[Head.Length..], "yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var made))
        {
            return null;
        }
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(text);
            return new IssuerKey(number, made, key);
        }
        catch (Exception fault) when (fault is CryptographicException or ArgumentException)
        {
            key.Dispose();
            return null;
        }
    }

    /// <summary>Signs by ES256 (RFC 7518, 3.4).</summary>
    public byte[] Sign(byte[] data)
    {
        lock (_signing)
            return _key.SignData(data, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }

    /// <summary>Seals what a refresh token says.</summary>
    public byte[] Seal(byte[] data) => HMACSHA256.HashData(_refreshSecret, data);

    public override string ToString() => $"key {Number} ({Public})";
}
