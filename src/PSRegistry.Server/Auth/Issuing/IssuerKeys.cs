using Microsoft.Extensions.Logging;
using PSRegistry.Server.Configuration;

namespace PSRegistry.Server.Auth;

/// <summary>
/// The keys of the issuer over the years. The first is made at the first start; a new one after each <c>rotation</c>:
/// <code>
/// key 1   |signs-----------------|verifies access tokens|knows refresh tokens again ...|gone
/// key 2                         |made|signs-------------------------------------------- ...
/// </code>
/// A new key is at rest for a minute, until every server of the folder has seen it. So nobody is logged out by a change.
/// </summary>
internal sealed partial class IssuerKeys : ITokenKeys
{
    /// <summary>How long a new key waits for the other servers.</summary>
    public static readonly TimeSpan Rest = TimeSpan.FromMinutes(1);

    /// <summary>How often the folder is looked into.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(10);

    /// <summary>Clocks of servers are apart, and what they are told about lifetimes may have been longer before.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromHours(1);

    private readonly IssuerKeyFolder _folder;
    private readonly IssuerConfiguration _issuer;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly Lock _looking = new();
    private State _state;
    private readonly HashSet<int> _damaged = [];
    private string? _said;

    /// <exception cref="IOException">The keys can neither be read nor made.</exception>
    /// <exception cref="UnauthorizedAccessException">The keys can neither be read nor made.</exception>
    public IssuerKeys(IssuerKeyFolder folder, IssuerConfiguration issuer, ILogger log, TimeProvider clock)
    {
        (_folder, _issuer, _log, _clock) = (folder, issuer, log, clock);
        if (_folder.List().Count == 0)
            _folder.Add(1, IssuerKey.MakeText(clock.GetUtcNow()));
        _state = Look([]) ?? throw new IOException($"no key in '{folder.Name}' can be read");
    }

    /// <summary>The key that signs at the moment.</summary>
    public IssuerKey Signer => Now().Signer;

    /// <inheritdoc/>
    public SigningKeys Current() => Now().Trusted;

    /// <summary>The key of this number; null for none, or one that is over.</summary>
    public IssuerKey? Find(int number) => Now().Keys.FirstOrDefault(key => key.Number == number);

    private State Now()
    {
        var now = _clock.GetUtcNow();
        var state = Volatile.Read(ref _state);
        if (now < state.LookAgainAt)
            return state;
        // Whoever comes while another looks into the folder does not wait for the disk.
        if (!_looking.TryEnter())
            return state;
        try
        {
            if (now < _state.LookAgainAt)
                return _state;
            try
            {
                Rotate(now);
                Volatile.Write(ref _state, Look(_state.Keys) ?? _state with { LookAgainAt = now + LookEvery });
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                Say(fault.Message);
                Volatile.Write(ref _state, _state with { LookAgainAt = now + LookEvery });
            }
            return _state;
        }
        finally
        {
            _looking.Exit();
        }
    }

    private void Rotate(DateTimeOffset now)
    {
        var numbers = _folder.List();
        var newest = _state.Keys[^1];
        var isKnown = numbers.All(number => number <= newest.Number || _damaged.Contains(number));
        if (numbers.Count == 0 || (isKnown && now >= newest.Made + _issuer.Rotation))
        {
            var next = numbers.Append(newest.Number).Max() + 1;
            _folder.Add(next, IssuerKey.MakeText(now));
            Log.Made(_log, next, _folder.Name);
        }
    }

    /// <summary>What is in the folder; null when no key there can be read.</summary>
    private State? Look(IReadOnlyList<IssuerKey> before)
    {
        var now = _clock.GetUtcNow();
        var keys = new List<IssuerKey>();
        foreach (var number in _folder.List())
        {
            var key = before.FirstOrDefault(known => known.Number == number) ?? IssuerKey.TryParse(number, _folder.Read(number));
            if (key is not null)
                keys.Add(key);
            else if (_damaged.Add(number))
                Log.Kept(_log, _folder.Name, $"number {number} is damaged");
        }
        if (keys.Count == 0)
            return null;
        // A key is over when its successor has signed for as long as its last token was good for.
        for (var i = keys.Count - 2; i >= 0; i--)
        {
            if (now >= keys[i + 1].Made + Rest + _issuer.RefreshExpiration + Margin)
            {
                _folder.Remove(keys[i].Number);
                keys.RemoveAt(i);
            }
        }
        var trusted = keys.Where((key, i) => i == keys.Count - 1 || now < keys[i + 1].Made + Rest + _issuer.Expiration + Margin).ToList();
        var signer = keys.FindLast(key => now >= key.Made + Rest) ?? keys[0];
        var isSame = _state is { } known && known.TrustedKeys.SequenceEqual(trusted);
        return new State(keys, trusted, isSame ? _state.Trusted : new SigningKeys(trusted.Select(key => key.Public), []), signer, now + LookEvery);
    }

    /// <summary>Once for each new fault: the folder is looked into again and again.</summary>
    private void Say(string fault)
    {
        if (_said == fault)
            return;
        _said = fault;
        Log.Kept(_log, _folder.Name, fault);
    }

    private sealed record State(
        IReadOnlyList<IssuerKey> Keys, IReadOnlyList<IssuerKey> TrustedKeys, SigningKeys Trusted, IssuerKey Signer, DateTimeOffset LookAgainAt);

    private static partial class Log
    {
        [LoggerMessage(EventId = 50, Level = LogLevel.Information, Message = "key {Number} of tokens was made in {Folder}; it will sign in a minute")]
        public static partial void Made(ILogger log, int number, string folder);

        [LoggerMessage(EventId = 51, Level = LogLevel.Error, Message = "the keys of tokens in {Folder} cannot be read or renewed ({Reason}): those that were read before go on counting")]
        public static partial void Kept(ILogger log, string folder, string reason);
    }
}
