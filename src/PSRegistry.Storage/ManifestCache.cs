using PSRegistry.Oci;

namespace PSRegistry.Storage;

/// <summary>
/// Manifests by digest, the least recently used forgotten first. Content under a digest never changes, so nothing in here
/// can be stale; whether a repository still holds it is asked of the disk every time.
/// </summary>
internal sealed class ManifestCache(long capacity, CacheCounts? counts = null)
{
    /// <summary>One manifest may not push out all others.</summary>
    private readonly long _largest = capacity / 8;

    private readonly Lock _gate = new();
    private readonly Dictionary<Digest, LinkedListNode<StoredManifest>> _byDigest = [];
    private readonly LinkedList<StoredManifest> _byUse = new();
    private long _bytes;

    public StoredManifest? Find(Digest digest)
    {
        var found = Look(digest);
        counts?.Add(found is not null);
        return found;
    }

    private StoredManifest? Look(Digest digest)
    {
        lock (_gate)
        {
            if (!_byDigest.TryGetValue(digest, out var node))
                return null;
            if (node != _byUse.First)
            {
                _byUse.Remove(node);
                _byUse.AddFirst(node);
            }
            return node.Value;
        }
    }

    public void Add(StoredManifest manifest)
    {
        if (manifest.Content.Length > _largest)
            return;
        lock (_gate)
        {
            if (_byDigest.ContainsKey(manifest.Digest))
                return;
            _byDigest.Add(manifest.Digest, _byUse.AddFirst(manifest));
            _bytes += manifest.Content.Length;
            while (_bytes > capacity && _byUse.Last is { } oldest)
            {
                _byUse.RemoveLast();
                _byDigest.Remove(oldest.Value.Digest);
                _bytes -= oldest.Value.Content.Length;
            }
        }
    }
}
