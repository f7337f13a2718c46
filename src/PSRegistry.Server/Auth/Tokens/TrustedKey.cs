using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.IdentityModel.Tokens;

namespace PSRegistry.Server.Auth;

/// <summary>A public key that tokens may be signed with, and the names by which a token may say so.</summary>
internal sealed class TrustedKey
{
    private const int LibtrustBytes = 30;

    private TrustedKey(JsonWebKey key, byte[] subjectPublicKeyInfo)
    {
        Key = key;
        Thumbprint = Base64UrlEncoder.Encode(key.ComputeJwkThumbprint());
        Ids = [.. new[] { key.Kid, Thumbprint, Libtrust(subjectPublicKeyInfo) }.Where(id => !string.IsNullOrEmpty(id))];
    }

    public JsonWebKey Key { get; }

    /// <summary>What the key itself is called (RFC 7638, with SHA-256).</summary>
    public string Thumbprint { get; }

    /// <summary>Everything that a token may call it: the name that the key set gives it, the thumbprint, and the older form of libtrust.</summary>
    public IReadOnlyList<string> Ids { get; }

    /// <summary>The key of a certificate; null for one that is neither RSA nor on a curve that tokens know.</summary>
    public static TrustedKey? Of(X509Certificate2 certificate)
    {
        using var rsa = certificate.GetRSAPublicKey();
        if (rsa is not null)
            return Of(rsa, null);
        using var ecdsa = certificate.GetECDsaPublicKey();
        return ecdsa is null ? null : Of(ecdsa, null);
    }

    /// <summary>The public part of a JSON Web Key (RFC 7517); null for one that verifies no signature here.</summary>
    public static TrustedKey? Of(JsonWebKey key)
    {
        try
        {
            switch (key.Kty)
            {
                case JsonWebAlgorithmsKeyTypes.RSA:
                    using (var rsa = RSA.Create(new RSAParameters { Modulus = Base64UrlEncoder.DecodeBytes(key.N), Exponent = Base64UrlEncoder.DecodeBytes(key.E) }))
                        return Of(rsa, key.Kid);
                case JsonWebAlgorithmsKeyTypes.EllipticCurve when CurveOf(key.Crv) is { } curve:
                    var point = new ECPoint { X = Base64UrlEncoder.DecodeBytes(key.X), Y = Base64UrlEncoder.DecodeBytes(key.Y) };
                    using (var ecdsa = ECDsa.Create(new ECParameters { Curve = curve, Q = point }))
                        return Of(ecdsa, key.Kid);
                default:
                    return null;
            }
        }
        catch (Exception fault) when (fault is CryptographicException or FormatException or ArgumentException or PlatformNotSupportedException)
        {
            return null;
        }
    }

    /// <summary>The public part of a key of this registry's own.</summary>
    public static TrustedKey? Of(ECDsa key) => Of(key, null);

    public override string ToString() => Thumbprint;

    private static TrustedKey? Of(RSA rsa, string? name)
    {
        var numbers = rsa.ExportParameters(includePrivateParameters: false);
        var key = new JsonWebKey
        {
            Kty = JsonWebAlgorithmsKeyTypes.RSA,
            N = Base64UrlEncoder.Encode(numbers.Modulus!),
            E = Base64UrlEncoder.Encode(numbers.Exponent!),
            Kid = name,
        };
        return new TrustedKey(key, rsa.ExportSubjectPublicKeyInfo());
    }

    private static TrustedKey? Of(ECDsa ecdsa, string? name)
    {
        var numbers = ecdsa.ExportParameters(includePrivateParameters: false);
        if (NameOf(numbers.Curve) is not { } curve)
            return null;
        var key = new JsonWebKey
        {
            Kty = JsonWebAlgorithmsKeyTypes.EllipticCurve,
            Crv = curve,
            X = Base64UrlEncoder.Encode(numbers.Q.X!),
            Y = Base64UrlEncoder.Encode(numbers.Q.Y!),
            Kid = name,
        };
        return new TrustedKey(key, ecdsa.ExportSubjectPublicKeyInfo());
    }

    private static ECCurve? CurveOf(string? name) => name switch
    {
        JsonWebKeyECTypes.P256 => ECCurve.NamedCurves.nistP256,
        JsonWebKeyECTypes.P384 => ECCurve.NamedCurves.nistP384,
        JsonWebKeyECTypes.P521 => ECCurve.NamedCurves.nistP521,
        _ => null,
    };

    private static string? NameOf(ECCurve curve) => curve.IsNamed
        ? curve.Oid.Value switch
        {
            "1.2.840.10045.3.1.7" => JsonWebKeyECTypes.P256,
            "1.3.132.0.34" => JsonWebKeyECTypes.P384,
            "1.3.132.0.35" => JsonWebKeyECTypes.P521,
            _ => null,
        }
        : null;

    /// <summary>The first 240 bits of a SHA-256 in base 32, in twelve groups of four: <c>ABCD:EFGH:...</c></summary>
    private static string Libtrust(byte[] subjectPublicKeyInfo)
    {
        const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        var bits = string.Concat(SHA256.HashData(subjectPublicKeyInfo).Take(LibtrustBytes).Select(octet => octet.ToString("B8", CultureInfo.InvariantCulture)));
        var letters = bits.Chunk(5).Select(five => Alphabet[Convert.ToInt32(new string(five), 2)]);
        return string.Join(':', letters.Chunk(4).Select(four => new string(four)));
    }
}
