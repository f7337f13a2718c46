using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;
using PSRegistry.Server.Configuration;
using PSRegistry.Server.Http;

namespace PSRegistry.Server.Auth;

/// <summary>Writes access tokens (Docker registry token specification, "Token claims"): JSON Web Tokens, signed by ES256.</summary>
internal sealed class AccessTokens(IssuerConfiguration issuer, IssuerKeys keys, TimeProvider clock)
{
    /// <summary>A token for a user.</summary>
    /// <param name="user">The user; empty for strangers.</param>
    /// <param name="grants">What it allows.</param>
    public string Issue(string user, IReadOnlyList<ResourceScope> grants)
    {
        var key = keys.Signer;
        var header = Encode(json =>
        {
            json.WriteString("typ"u8, "JWT"u8);
            json.WriteString("alg"u8, "ES256"u8);
            json.WriteString("kid"u8, key.Public.Thumbprint);
        });
        var claims = Encode(json => WriteClaims(json, user, grants));
        var signed = $"{header}.{claims}";
        return $"{signed}.{Base64Url.EncodeToString(key.Sign(Encoding.ASCII.GetBytes(signed)))}";
    }

    private void WriteClaims(Utf8JsonWriter json, string user, IReadOnlyList<ResourceScope> grants)
    {
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        json.WriteString("iss"u8, issuer.Name);
        json.WriteString("sub"u8, user);
        json.WriteString("aud"u8, issuer.Service);
        json.WriteNumber("exp"u8, now + (long)issuer.Expiration.TotalSeconds);
        json.WriteNumber("nbf"u8, now);
        json.WriteNumber("iat"u8, now);
        json.WriteString("jti"u8, Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture));
        json.WriteStartArray("access"u8);
        foreach (var grant in grants)
        {
            json.WriteStartObject();
            json.WriteString("type"u8, grant.Type);
            json.WriteString("name"u8, grant.Name);
            json.WriteStartArray("actions"u8);
            foreach (var action in ResourceScope.ActionNames(grant.Actions))
                json.WriteStringValue(action);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static string Encode(Action<Utf8JsonWriter> content)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, JsonText.Options))
        {
            json.WriteStartObject();
            content(json);
            json.WriteEndObject();
        }
        return Base64Url.EncodeToString(buffer.WrittenSpan);
    }
}
