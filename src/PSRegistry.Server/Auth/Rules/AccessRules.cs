using System.Collections.Concurrent;
using PSRegistry.Server.Configuration;

namespace PSRegistry.Server.Auth;

/// <summary>The rules of <c>access</c>. What none of them allows is not allowed.</summary>
internal sealed class AccessRules(AccessConfiguration access)
{
    /// <summary>Those who may do most come again and again; beyond so many the rules are read anew.</summary>
    private const int Remembered = 4096;

    private readonly AccessRule[] _rules = [.. access.Rules.Select(rule => new AccessRule(rule))];
    private readonly ConcurrentDictionary<string, AccessRights> _rights = new(StringComparer.Ordinal);

    /// <summary>What a user may do; what strangers may, for an empty name.</summary>
    public AccessRights Of(string user)
    {
        if (_rights.TryGetValue(user, out var known))
            return known;
        if (_rights.Count >= Remembered)
            _rights.Clear();
        return _rights[user] = new AccessRights(user, [.. _rules.Where(rule => rule.IsFor(user))]);
    }
}
