using System.Collections.Concurrent;
using PSRegistry.Oci;

namespace PSRegistry.Client;

/// <summary>Manifests and everything that they reach, each read once however many ways lead to it.</summary>
internal sealed class ManifestGraph(IRepository repository)
{
    private readonly ConcurrentDictionary<Digest, long> _content = new();
    private readonly ConcurrentDictionary<Digest, Manifest> _manifests = new();

    /// <summary>The size in bytes of all that is reached, by digest.</summary>
    public IReadOnlyDictionary<Digest, long> Content => _content;

    /// <summary>Whether something of it reaches that content.</summary>
    public bool Reaches(Digest digest) => _content.ContainsKey(digest);

    /// <summary>A manifest that was read; null when it was not there.</summary>
    public Manifest? Find(Digest digest) => _manifests.GetValueOrDefault(digest);

    /// <summary>The indexes that list a manifest.</summary>
    public IEnumerable<Digest> ParentsOf(Digest digest) =>
        _manifests.Where(manifest => manifest.Value.Manifests.Any(child => child.Digest == digest)).Select(manifest => manifest.Key).Order();

    /// <summary>Adds a manifest with all that it reaches; what the repository does not hold is left out.</summary>
    public async ValueTask AddAsync(Digest digest, CancellationToken cancellationToken)
    {
        // Taken before it is read: of two ways to the same manifest one goes on.
        if (!_content.TryAdd(digest, 0))
            return;
        var stored = await repository.Manifests.GetAsync(digest, cancellationToken);
        if (stored is null || !Manifest.TryParse(stored.Content, stored.MediaType, out var manifest, out _))
        {
            _content.TryRemove(digest, out _);
            return;
        }
        _content[digest] = stored.Content.Length;
        _manifests[digest] = manifest;
        if (manifest.Config is { } config)
            _content.TryAdd(config.Digest, config.Size);
        foreach (var layer in manifest.Layers)
            _content.TryAdd(layer.Digest, layer.Size);
        foreach (var child in manifest.Manifests)
        {
            // Build caches list plain blobs as manifests.
            if (MediaTypes.IsManifest(child.MediaType))
                await AddAsync(child.Digest, cancellationToken);
            else
                _content.TryAdd(child.Digest, child.Size);
        }
    }
}
