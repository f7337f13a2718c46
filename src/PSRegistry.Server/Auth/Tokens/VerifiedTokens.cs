using System.Buffers;
using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;

namespace PSRegistry.Server.Auth;

/// <summary>
/// Remembers for a short while what good tokens said, so that a pull of fifty layers costs one signature check. A token itself is not
/// kept, only a hash of it; only what somebody trusted has signed gets in here, and never more than two generations of it.
/// </summary>
internal sealed class VerifiedTokens(TimeProvider clock)
{
    /// <summary>How many there are in a generation.</summary>
    public const int GenerationSize = 1024;

    private const int KeyLength = 32;

    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(1);

    private readonly byte[] _key = RandomNumberGenerator.GetBytes(KeyLength);
    private readonly Lock _aging = new();

    // The requests of one connection that repeat a header get one and the same string of it: nothing has to be hashed then. It goes
    // when the connection does.
    private readonly ConditionalWeakTable<string, Verified> _sameText = [];
    private volatile Generations _tokens = new([], []);

    /// <summary>How many are remembered, those that are over included.</summary>
    public int Count => _tokens.Young.Count + _tokens.Old.Count;

    /// <summary>Whose token this is; null when it was not verified lately, with these keys.</summary>
    /// <param name="token">ASCII.</param>
    /// <param name="keys">The keys that count.</param>
    public Caller? Find(string token, SigningKeys keys)
    {
        if (_sameText.TryGetValue(token, out var verified) && IsGood(verified, keys))
            return verified.Caller;
        var (young, old) = _tokens;
        var tag = TagOf(token);
        if (!(young.TryGetValue(tag, out verified) || old.TryGetValue(tag, out verified)) || !IsGood(verified, keys))
            return null;
        _sameText.AddOrUpdate(token, verified);
        return verified.Caller;
    }

    /// <summary>Remembers whose token this is, as long as it is good, and no longer.</summary>
    public void Remember(string token, SigningKeys keys, Caller caller, DateTimeOffset until)
    {
        var tag = TagOf(token);
        var forgotten = clock.GetUtcNow() + Memory;
        var verified = new Verified(caller, keys, until < forgotten ? until : forgotten);
        lock (_aging)
        {
            if (_tokens.Young.Count >= GenerationSize)
                _tokens = new([], _tokens.Young);
            _tokens.Young[tag] = verified;
        }
    }

    private bool IsGood(Verified verified, SigningKeys keys) => verified.Keys == keys && clock.GetUtcNow() < verified.Until;

    /// <summary>
    /// What a token is remembered by: a hash with a key in front. Neither ever leaves this process, so nobody has anything to extend,
    /// and it takes a fraction of the time of an HMAC.
    /// </summary>
    private Tag TagOf(string token)
    {
        var message = ArrayPool<byte>.Shared.Rent(KeyLength + token.Length);
        try
        {
            _key.CopyTo(message, 0);
            var length = KeyLength + Encoding.ASCII.GetBytes(token, message.AsSpan(KeyLength));
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(message.AsSpan(0, length), hash);
            return new Tag(BitConverter.ToUInt128(hash), BitConverter.ToUInt128(hash[16..]));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(message, clearArray: true);
        }
    }

    private readonly record struct Tag(UInt128 First, UInt128 Second);

    private sealed record Verified(Caller Caller, SigningKeys Keys, DateTimeOffset Until);

    private sealed record Generations(ConcurrentDictionary<Tag, Verified> Young, ConcurrentDictionary<Tag, Verified> Old);
}
