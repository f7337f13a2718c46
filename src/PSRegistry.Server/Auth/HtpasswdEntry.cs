using System.Security.Cryptography;
using System.Text;

namespace PSRegistry.Server.Auth;

/// <summary>
/// A user of the file. Remembers for a short while, under a key that only this process has, the login that was verified last: a
/// pull of fifty layers then costs one bcrypt. There is one right password, so there is one thing to remember; nothing that a
/// client sends makes it grow, and with the next reading of the file it is gone.
/// </summary>
internal sealed class HtpasswdEntry(BcryptHash hash)
{
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(5);
    private static readonly byte[] ProcessKey = RandomNumberGenerator.GetBytes(32);

    private readonly byte[] _hash = Encoding.ASCII.GetBytes(hash.Reveal());
    private Verified? _verified;

    public BcryptHash Hash => hash;

    /// <summary>Whether this very login was verified a short while ago.</summary>
    public bool Remembers(in BasicCredentials credentials)
    {
        Span<byte> tag = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Sign(credentials, tag);
        return Volatile.Read(ref _verified) is { } verified
            && Environment.TickCount64 < verified.Until
            && CryptographicOperations.FixedTimeEquals(tag, verified.Tag);
    }

    /// <summary>Remembers a login that bcrypt has verified.</summary>
    public void Remember(in BasicCredentials credentials)
    {
        var tag = new byte[HMACSHA256.HashSizeInBytes];
        Sign(credentials, tag);
        Volatile.Write(ref _verified, new Verified(tag, Environment.TickCount64 + (long)Memory.TotalMilliseconds));
    }

    /// <summary>Signs login and hash. Between them stands a byte that UTF-8 never has.</summary>
    private void Sign(in BasicCredentials credentials, Span<byte> tag)
    {
        var sent = credentials.Bytes;
        var length = sent.Length + 1 + _hash.Length;
        Span<byte> message = length <= 512 ? stackalloc byte[length] : new byte[length];
        sent.CopyTo(message);
        message[sent.Length] = 0xFF;
        _hash.CopyTo(message[(sent.Length + 1)..]);
        HMACSHA256.HashData(ProcessKey, message, tag);
        CryptographicOperations.ZeroMemory(message);
    }

    private sealed record Verified(byte[] Tag, long Until);
}
