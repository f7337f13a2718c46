using System.Collections.Concurrent;
using PSRegistry.Oci;

namespace PSRegistry.Client;

/// <summary>
/// What was published to one registry so far, and where in it that lies: images that come later mount it from there, and do not compress
/// their layers to find out that they are known. Safe for use from many threads.
/// </summary>
public sealed class PublishedContent
{
    /// <summary>More than the images of one run have; what comes then is published, and not remembered.</summary>
    private const int Most = 100_000;

    private readonly ConcurrentDictionary<Digest, RepositoryName> _blobs = [];
    private readonly ConcurrentDictionary<(Digest DiffId, LayerCompression Compression), KnownLayer> _layers = [];

    internal RepositoryName? FindBlob(Digest digest) => _blobs.GetValueOrDefault(digest);

    internal KnownLayer? FindLayer(Digest diffId, LayerCompression compression) => _layers.GetValueOrDefault((diffId, compression));

    internal void AddBlob(Digest digest, RepositoryName repository)
    {
        if (_blobs.Count < Most)
            _blobs.TryAdd(digest, repository);
    }

    internal void AddLayer(Digest diffId, Descriptor layer, RepositoryName repository)
    {
        if (_layers.Count < Most && LayerTypes.CompressionOf(layer.MediaType) is { } compression)
            _layers.TryAdd((diffId, compression), new KnownLayer(layer, repository));
    }
}

/// <summary>A layer that a registry has.</summary>
/// <param name="Layer">The layer as it lies there.</param>
/// <param name="Repository">A repository that has it.</param>
internal sealed record KnownLayer(Descriptor Layer, RepositoryName Repository);
