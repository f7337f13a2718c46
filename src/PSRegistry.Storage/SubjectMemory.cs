using System.Collections.Concurrent;
using PSRegistry.Oci;

namespace PSRegistry.Storage;

/// <summary>What each manifest refers to, so that listing referrers parses every manifest once. Bounded: at most about 25 MB.</summary>
internal sealed class SubjectMemory
{
    private const int RememberAtMost = 100_000;

    private readonly ConcurrentDictionary<Digest, Digest?> _subjects = new();

    public bool TryGet(Digest manifest, out Digest? subject) => _subjects.TryGetValue(manifest, out subject);

    public void Remember(Digest manifest, Digest? subject)
    {
        if (_subjects.Count >= RememberAtMost)
            _subjects.Clear();
        _subjects[manifest] = subject;
    }
}
