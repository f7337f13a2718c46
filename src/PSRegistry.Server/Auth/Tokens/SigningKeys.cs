using System.Collections.Frozen;
using System.Security.Cryptography.X509Certificates;

namespace PSRegistry.Server.Auth;

/// <summary>All that tokens may be signed with at one time.</summary>
internal sealed class SigningKeys
{
    private readonly FrozenDictionary<string, TrustedKey> _byId;

    /// <param name="keys">The keys. Of two that go by one name the later counts.</param>
    /// <param name="anchors">What the certificates that tokens bring along must lead to.</param>
    public SigningKeys(IEnumerable<TrustedKey> keys, X509Certificate2Collection anchors)
    {
        var byId = new Dictionary<string, TrustedKey>(StringComparer.Ordinal);
        foreach (var key in keys)
        {
            foreach (var id in key.Ids)
                byId[id] = key;
        }
        _byId = byId.ToFrozenDictionary(StringComparer.Ordinal);
        Anchors = anchors;
    }

    public X509Certificate2Collection Anchors { get; }

    public TrustedKey? Find(string id) => _byId.GetValueOrDefault(id);
}
