using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;

namespace PSRegistry.Testing;

/// <summary>Signs JSON Web Tokens as a token server does, by hand: nothing of it is what verifies them.</summary>
public sealed class TokenSigner : IDisposable
{
    private readonly AsymmetricAlgorithm _key;
    private readonly string _algorithm;

    /// <summary>Signs with a key by an algorithm of RFC 7518; the key is its own from now on.</summary>
    public TokenSigner(AsymmetricAlgorithm key, string algorithm) => (_key, _algorithm) = (key, algorithm);

    /// <summary>Makes a key that fits the algorithm.</summary>
    public static TokenSigner Make(string algorithm = "ES256") => new(
        algorithm switch
        {
            "ES256" => ECDsa.Create(ECCurve.NamedCurves.nistP256),
            "ES384" => ECDsa.Create(ECCurve.NamedCurves.nistP384),
            "ES512" => ECDsa.Create(ECCurve.NamedCurves.nistP521),
            _ => RSA.Create(2048),
        },
        algorithm);

    /// <summary>The key, private part included.</summary>
    public AsymmetricAlgorithm Key => _key;

    /// <summary>The name by RFC 7638.</summary>
    public string Thumbprint
    {
        get
        {
            var members = Members().OrderBy(member => member.Name, StringComparer.Ordinal).Select(member => $"\"{member.Name}\":\"{member.Value}\"");
            return Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes($"{{{string.Join(',', members)}}}")));
        }
    }

    /// <summary>The name by libtrust: <c>ABCD:EFGH:...</c></summary>
    public string LibtrustId
    {
        get
        {
            const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
            var number = new System.Numerics.BigInteger(SHA256.HashData(_key.ExportSubjectPublicKeyInfo()).AsSpan(0, 30), isUnsigned: true, isBigEndian: true);
            var id = new StringBuilder();
            for (var place = 47; place >= 0; place--)
            {
                id.Append(Letters[(int)((number >> (5 * place)) & 31)]);
                if (place % 4 == 0 && place > 0)
                {
                    id.Append(':');
                }
            }

            return id.ToString();
        }
    }

    /// <summary>The public key as a JSON Web Key, without a name.</summary>
    public JsonObject Jwk() => new(Members().Select(member => KeyValuePair.Create(member.Name, (JsonNode?)member.Value)));

    /// <summary>A key set of the public keys of signers, each under a name.</summary>
    public static string KeySet(params (TokenSigner Signer, string? Name)[] keys)
    {
        var list = new JsonArray();
        foreach (var (signer, name) in keys)
        {
            var key = signer.Jwk();
            if (name is not null)
            {
                key["kid"] = name;
            }

            list.Add(key);
        }

        return new JsonObject { ["keys"] = list }.ToJsonString();
    }

    /// <summary>What a token says: who gave it out, for what, to whom, from now for five minutes, and what it allows.</summary>
    /// <param name="issuer"><c>iss</c></param>
    /// <param name="service"><c>aud</c></param>
    /// <param name="user"><c>sub</c></param>
    /// <param name="scopes"><c>access</c>, as scopes are written: <c>repository:a/b:pull,push</c>.</param>
    public static JsonObject Claims(string issuer, string service, string user, params IEnumerable<string> scopes)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var access = new JsonArray();
        foreach (var scope in scopes)
        {
            var (type, rest) = (scope[..scope.IndexOf(':', StringComparison.Ordinal)], scope[(scope.IndexOf(':', StringComparison.Ordinal) + 1)..]);
            var colon = rest.LastIndexOf(':');
            var actions = new JsonArray([.. rest[(colon + 1)..].Split(',').Select(action => (JsonNode?)action)]);
            access.Add(new JsonObject { ["type"] = type, ["name"] = rest[..colon], ["actions"] = actions });
        }

        return new JsonObject
        {
            ["iss"] = issuer,
            ["sub"] = user,
            ["aud"] = service,
            ["exp"] = now + 300,
            ["nbf"] = now,
            ["iat"] = now,
            ["jti"] = Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture),
            ["access"] = access,
        };
    }

    /// <summary>A token of these claims; the header gets what it lacks of <c>typ</c> and <c>alg</c>.</summary>
    public string Sign(JsonObject claims, JsonObject header)
    {
        header["typ"] ??= "JWT";
        header["alg"] ??= _algorithm;
        var signed = $"{Encode(header.ToJsonString())}.{Encode(claims.ToJsonString())}";
        return $"{signed}.{Base64Url.EncodeToString(SignData(Encoding.ASCII.GetBytes(signed)))}";
    }

    /// <summary>A part of a token.</summary>
    public static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    /// <summary>A certificate as it stands in <c>x5c</c>.</summary>
    public static JsonArray Chain(params IEnumerable<string> pems) => new([.. pems.Select(pem => (JsonNode?)Der(pem))]);

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();

    private static string Der(string pem)
    {
        using var certificate = X509Certificate2.CreateFromPem(pem);
        return Convert.ToBase64String(certificate.RawData);
    }

    private byte[] SignData(byte[] data)
    {
        var hash = new HashAlgorithmName("SHA" + _algorithm[2..]);
        return _key switch
        {
            ECDsa ec => ec.SignData(data, hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation),
            RSA rsa => rsa.SignData(data, hash, _algorithm[0] == 'P' ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1),
            _ => throw new NotSupportedException(),
        };
    }

    private List<(string Name, string Value)> Members()
    {
        if (_key is RSA rsa)
        {
            var numbers = rsa.ExportParameters(false);
            return [("kty", "RSA"), ("n", Base64Url.EncodeToString(numbers.Modulus)), ("e", Base64Url.EncodeToString(numbers.Exponent))];
        }

        var point = ((ECDsa)_key).ExportParameters(false).Q;
        var curve = _key.KeySize switch { 256 => "P-256", 384 => "P-384", _ => "P-521" };
        return [("kty", "EC"), ("crv", curve), ("x", Base64Url.EncodeToString(point.X)), ("y", Base64Url.EncodeToString(point.Y))];
    }
}
