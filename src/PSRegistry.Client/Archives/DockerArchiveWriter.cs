using System.Collections.Immutable;
using System.Text.Json;
using PSRegistry.Oci;

namespace PSRegistry.Client;

/// <summary>
/// Writes a docker archive that <c>docker load</c> takes, several images into one, each layer once. Layers stay compressed as they are,
/// so nothing is unpacked on the way. <c>manifest.json</c> comes last, with <see cref="FinishAsync"/>.
/// </summary>
public sealed class DockerArchiveWriter : IAsyncDisposable
{
    private readonly TarOutput _output;
    private readonly List<(string Config, ImmutableArray<string> Names, ImmutableArray<string> Layers)> _images = [];

    private DockerArchiveWriter(Stream tar) => _output = new TarOutput(tar);

    /// <summary>An archive written to <paramref name="tar"/> from front to back; it is left open.</summary>
    public static DockerArchiveWriter To(Stream tar)
    {
        ArgumentNullException.ThrowIfNull(tar);
        return new DockerArchiveWriter(tar);
    }

    /// <summary>Adds one image.</summary>
    /// <param name="source">Where it is.</param>
    /// <param name="manifest">The manifest of an image; a docker archive has no indexes.</param>
    /// <param name="names">Its names with tags, as <c>docker load</c> shall give them.</param>
    /// <param name="progress">Told how far it has come; null for nobody.</param>
    /// <param name="cancellationToken">Stops; the archive is then incomplete.</param>
    /// <exception cref="ArchiveException">It is no image, or incomplete.</exception>
    public async ValueTask AddAsync(
        IRepository source, Digest manifest, IEnumerable<string> names, IProgress<CopyProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(manifest);
        var from = new RepositorySource(source);
        var stored = await from.GetManifestAsync(manifest, cancellationToken)
            ?? throw new ArchiveException(source.ToString()!, $"{source} does not have the manifest {manifest}.");
        if (!Manifest.TryParse(stored.Content, stored.MediaType, out var image, out var fault))
            throw new ArchiveException(source.ToString()!, $"The manifest {manifest} of {source} cannot be saved: {ServerText.Clean(fault)}");
        if (image.Config is not { } config)
            throw new ArchiveException(source.ToString()!,
                $"{manifest} of {source} is an index; a docker archive takes single images, so choose a platform.");
        var tally = new CopyTally(progress);
        var layers = image.Layers.Select(layer => (Path: $"{layer.Digest.Hex}.tar", Layer: layer)).ToImmutableArray();
        var blobs = layers.Append((Path: $"{config.Digest.Hex}.json", Layer: config)).DistinctBy(blob => blob.Path).ToList();
        tally.Expect(blobs.Count, blobs.Sum(blob => blob.Layer.Size));
        foreach (var (path, blob) in blobs)
            await WriteAsync(path, blob, from, source, tally, cancellationToken);
        _images.Add(($"{config.Digest.Hex}.json", [.. names], [.. layers.Select(layer => layer.Path)]));
    }

    /// <summary>Writes the list of the images. Nothing can be added after it.</summary>
    public async ValueTask FinishAsync(CancellationToken cancellationToken = default)
    {
        await _output.WriteAsync("manifest.json", new MemoryBlob(ManifestFile()), static _ => { }, cancellationToken);
        await _output.DisposeAsync();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async ValueTask WriteAsync(
        string path, Descriptor blob, RepositorySource from, IRepository source, CopyTally tally, CancellationToken cancellationToken)
    {
        if (_output.Has(path))
        {
            tally.Present(blob.Size);
            return;
        }
        await using var content = await from.OpenBlobAsync(blob.Digest, cancellationToken)
            ?? throw new ArchiveException(source.ToString()!, $"{source} is incomplete: the blob {blob.Digest} is missing.");
        await _output.WriteAsync(path, content, tally.Follow(), cancellationToken);
        tally.Done(content.Size);
    }

    private byte[] ManifestFile()
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartArray();
            foreach (var (config, names, layers) in _images)
            {
                json.WriteStartObject();
                json.WriteString("Config", config);
                WriteTexts(json, "RepoTags", names);
                WriteTexts(json, "Layers", layers);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
        return bytes.ToArray();
    }

    private static void WriteTexts(Utf8JsonWriter json, string property, ImmutableArray<string> texts)
    {
        json.WriteStartArray(property);
        foreach (var text in texts)
            json.WriteStringValue(text);
        json.WriteEndArray();
    }
}
