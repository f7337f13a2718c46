using System.Security.Cryptography;

namespace PSRegistry.Server.Auth;

/// <summary>
/// A user of the file. Remembers for a short while, under a key of its own, the login that bcrypt verified last: a pull of fifty
/// layers then costs one bcrypt. There is one right password, so there is one thing to remember; nothing that a client sends makes
/// it grow, and with a new hash in the file there is a new entry, which remembers nothing.
/// </summary>
internal sealed class HtpasswdEntry(string user, BcryptHash hash)
{
    private const int KeyLength = 32;

    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(5);

    private readonly byte[] _key = RandomNumberGenerator.GetBytes(KeyLength);
    private Verified? _verified;

    public BcryptHash Hash => hash;

    /// <summary>Whoever logs in as this user.</summary>
    public Caller Caller { get; } = Caller.WhoMayDoEverything(user);

    /// <summary>When bcrypt has to be asked again, in milliseconds of the system's clock.</summary>
    public long RememberedUntil => Volatile.Read(ref _verified)?.Until ?? 0;

    /// <summary>Whether this very login was verified a short while ago.</summary>
    public bool Remembers(in BasicCredentials credentials) =>
        Volatile.Read(ref _verified) is { } verified && Environment.TickCount64 < verified.Until && Recognizes(credentials);

    /// <summary>Whether this very login is the one that was verified last, however long ago.</summary>
    public bool Recognizes(in BasicCredentials credentials)
    {
        if (Volatile.Read(ref _verified) is not { } verified)
            return false;
        Span<byte> tag = stackalloc byte[SHA256.HashSizeInBytes];
        Sign(credentials, tag);
        return CryptographicOperations.FixedTimeEquals(tag, verified.Tag);
    }

    /// <summary>Remembers a login that bcrypt has verified.</summary>
    public void Remember(in BasicCredentials credentials)
    {
        var tag = new byte[SHA256.HashSizeInBytes];
        Sign(credentials, tag);
        Volatile.Write(ref _verified, new Verified(tag, Environment.TickCount64 + (long)Memory.TotalMilliseconds));
    }

    /// <summary>
    /// A hash with the key in front. Neither key nor tag ever leaves this object, so nobody has anything to extend, and it takes a
    /// fraction of the time of an HMAC at every request.
    /// </summary>
    private void Sign(in BasicCredentials credentials, Span<byte> tag)
    {
        var sent = credentials.Bytes;
        var length = KeyLength + sent.Length;
        Span<byte> message = length <= 256 ? stackalloc byte[length] : new byte[length];
        _key.CopyTo(message);
        sent.CopyTo(message[KeyLength..]);
        SHA256.HashData(message, tag);
        CryptographicOperations.ZeroMemory(message);
    }

    private sealed record Verified(byte[] Tag, long Until);
}
