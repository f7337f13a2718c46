using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using PSRegistry.Server.Configuration;

namespace PSRegistry.Server.Auth;

/// <summary>
/// Refresh tokens, which clients keep instead of a password: <c>psr.&lt;number of the key&gt;.&lt;end and user&gt;.&lt;seal&gt;</c>. The seal is made over the
/// user's hash in the htpasswd file too, so that a token ends with the password it was given out for, and nothing has to be kept here.
/// </summary>
internal sealed class RefreshTokens(IssuerConfiguration issuer, IssuerKeys keys, TimeProvider clock)
{
    private const string Mark = "psr";
    private const int TimeLength = sizeof(long), LengthLimit = 4096;

    public string Issue(HtpasswdEntry entry)
    {
        var key = keys.Signer;
        var name = Encoding.UTF8.GetBytes(entry.Caller.Name);
        var said = new byte[TimeLength + name.Length];
        BinaryPrimitives.WriteInt64BigEndian(said, (clock.GetUtcNow() + issuer.RefreshExpiration).ToUnixTimeSeconds());
        name.CopyTo(said, TimeLength);
        return string.Create(CultureInfo.InvariantCulture, $"{Mark}.{key.Number}.{Base64Url.EncodeToString(said)}.{Base64Url.EncodeToString(Seal(key, said, entry))}");
    }

    /// <summary>Whose token it is; null for one that is not ours, not good any more, or changed on the way.</summary>
    public HtpasswdEntry? Verify(string token, HtpasswdUsers users)
    {
        if (token.Length > LengthLimit || token.Split('.') is not [Mark, var number, var saidText, var sealText]
            || !int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) || keys.Find(parsed) is not { } key
            || !TryDecode(saidText, out var said) || !TryDecode(sealText, out var seal) || said.Length <= TimeLength)
        {
            return null;
        }
        if (users.Find(Encoding.UTF8.GetString(said.AsSpan(TimeLength))) is not { } entry || !CryptographicOperations.FixedTimeEquals(seal, Seal(key, said, entry)))
            return null;
        return clock.GetUtcNow().ToUnixTimeSeconds() < BinaryPrimitives.ReadInt64BigEndian(said) ? entry : null;
    }

    private byte[] Seal(IssuerKey key, byte[] said, HtpasswdEntry entry) =>
        key.Seal([.. BitConverter.GetBytes(said.Length), .. said, .. Encoding.UTF8.GetBytes($"{entry.Hash.Reveal()}\n{issuer.Service}")]);

    private static bool TryDecode(string text, out byte[] bytes)
    {
        bytes = [];
        if (!Base64Url.IsValid(text))
            return false;
        bytes = Base64Url.DecodeFromChars(text);
        return true;
    }
}
