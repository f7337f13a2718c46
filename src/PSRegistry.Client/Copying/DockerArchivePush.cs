using System.Collections.Immutable;
using System.IO.Compression;
using System.Text.Json;
using PSRegistry.Oci;

namespace PSRegistry.Client;

/// <summary>
/// Pushes an image of a docker archive, which has no manifest yet: the layers are compressed on their way, and the manifest is written from
/// what came out. Layers that the image's present tag has in the target are known by their plain digests and not sent again.
/// </summary>
internal sealed class DockerArchivePush(ImageArchive archive, IRepository target, CopyOptions options)
{
    private const string DockerConfig = "application/vnd.docker.container.image.v1+json", DockerLayer = "application/vnd.docker.image.rootfs.diff.tar",
        OciZstdLayer = "application/vnd.oci.image.layer.v1.tar+zstd";

    private const int LongestConfig = 8 * 1024 * 1024;

    private readonly BlobSender _sender = new(target);
    private readonly CopyTally _tally = new(options.Progress);

    public async ValueTask<CopiedImage> PushAsync(ArchivedImage image, IReadOnlyList<Tag> tags, CancellationToken cancellationToken)
    {
        var known = await KnownLayersAsync(tags, cancellationToken);
        var layers = image.Layers.DistinctBy(layer => layer.DiffId).ToList();
        _tally.Expect(layers.Count, layers.Sum(layer => layer.File.Size));
        var parallel = new ParallelOptions
        {
            MaxDegreeOfParallelism = archive.Files.IsSequential ? 1 : Math.Max(1, options.Parallelism),
            CancellationToken = cancellationToken,
        };
        var pushed = new Dictionary<Digest, Descriptor>();
        // In the archive's order, so that one that is read from front to back is read once.
        await Parallel.ForEachAsync(layers.OrderBy(layer => layer.File.Offset), parallel, async (layer, token) =>
        {
            var descriptor = await PushLayerAsync(layer.File, layer.DiffId, known.GetValueOrDefault(layer.DiffId), token);
            lock (pushed)
                pushed[layer.DiffId] = descriptor;
        });
        var all = image.Layers.Select(layer => pushed[layer.DiffId]).ToList();
        // docker's types have no zstd.
        var isOci = all.Exists(layer => layer.MediaType == OciZstdLayer);
        if (isOci)
            all = all.ConvertAll(layer => layer with { MediaType = ToOci(layer.MediaType) });
        var config = new Descriptor(isOci ? MediaTypes.OciConfig : DockerConfig, image.Id, image.Config!.Value.Length);
        await PushConfigAsync(config, image.Config.Value, cancellationToken);
        return await PutAsync(isOci ? MediaTypes.OciManifest : MediaTypes.DockerManifest, config, all, tags, cancellationToken);
    }

    private async ValueTask<Descriptor> PushLayerAsync(ArchiveEntry file, Digest diffId, Descriptor? known, CancellationToken cancellationToken)
    {
        if (known is not null && await target.Blobs.GetSizeAsync(known.Digest, cancellationToken) is not null)
        {
            _tally.Present(file.Size);
            return known;
        }
        await using var blob = await archive.Files.OpenAsync(file, cancellationToken);
        var start = await StartOfAsync(blob, cancellationToken);
        var found = Compressions.Tell(start.Span);
        if (found != CompressionFound.None)
            return await PushCompressedAsync(file, diffId, found, cancellationToken);
        await using var plain = new VerifiedBlob(new PeekedBlob(blob, start), diffId, actual => Mismatch(file, diffId, actual));
        if (options.Compression == LayerCompression.None)
        {
            var sent = await _sender.SendAsync(new UnchangedBlob(plain, diffId, _tally.Follow()), cancellationToken);
            _tally.Done(sent.Size);
            return new Descriptor(DockerLayer, sent.Digest, sent.Size);
        }
        var isZstd = options.Compression == LayerCompression.Zstd;
        Func<Stream, Stream> compress = isZstd
            ? options.CompressZstd ?? throw new InvalidOperationException("zstd is wanted, but nothing is given to compress with it.")
            : static into => new GZipStream(into, CompressionLevel.Fastest, leaveOpen: true);
        using var compressed = new CompressedBlob(plain, compress, _tally.Follow());
        var (digest, size) = await _sender.SendAsync(compressed, cancellationToken);
        _tally.Done(size);
        return new Descriptor(isZstd ? OciZstdLayer : DockerLayer + ".gzip", digest, size);
    }

    /// <summary>A layer that is compressed in the archive goes as it is, once its plain bytes are what the configuration says.</summary>
    private async ValueTask<Descriptor> PushCompressedAsync(ArchiveEntry file, Digest diffId, CompressionFound found, CancellationToken cancellationToken)
    {
        var digest = await CheckAsync(file, diffId, found, cancellationToken);
        var type = found == CompressionFound.Zstd ? OciZstdLayer : DockerLayer + ".gzip";
        if (await target.Blobs.GetSizeAsync(digest, cancellationToken) is not null)
        {
            _tally.Present(file.Size);
            return new Descriptor(type, digest, file.Size);
        }
        await using var blob = new VerifiedBlob(await archive.Files.OpenAsync(file, cancellationToken), digest, actual => Mismatch(file, digest, actual));
        var sent = await _sender.SendAsync(new UnchangedBlob(blob, digest, _tally.Follow()), cancellationToken);
        _tally.Done(sent.Size);
        return new Descriptor(type, sent.Digest, sent.Size);
    }

    private async ValueTask<Digest> CheckAsync(ArchiveEntry file, Digest diffId, CompressionFound found, CancellationToken cancellationToken)
    {
        await using var blob = await archive.Files.OpenAsync(file, cancellationToken);
        using var hash = DigestAlgorithm.Sha256.CreateHash();
        using var plainHash = diffId.Algorithm.CreateHash();
        await using var bytes = new HashingStream(new BlobStream(blob), hash);
        await using var plain = Compressions.Undo(found, bytes, archive.Options.OpenZstd)
            ?? throw new ArchiveException(archive.Name,
                $"'{file.Path}' in '{archive.Name}' is compressed in a way that cannot be read here ({found}).");
        var buffer = new byte[128 * 1024];
        while (await plain.ReadAsync(buffer, cancellationToken) is var read and > 0)
            plainHash.AppendData(buffer, 0, read);
        while (await bytes.ReadAsync(buffer, cancellationToken) > 0)
        {
            // What follows the compressed bytes belongs to the blob, too.
        }
        var actual = diffId.Algorithm.Finish(plainHash);
        return actual == diffId ? DigestAlgorithm.Sha256.Finish(hash) : throw Mismatch(file, diffId, actual);
    }

    private async ValueTask PushConfigAsync(Descriptor config, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        if (await target.Blobs.GetSizeAsync(config.Digest, cancellationToken) is null)
            await _sender.SendAsync(new UnchangedBlob(new MemoryBlob(content), config.Digest, static _ => { }), cancellationToken);
    }

    private async ValueTask<CopiedImage> PutAsync(
        string type, Descriptor config, List<Descriptor> layers, IReadOnlyList<Tag> tags, CancellationToken cancellationToken)
    {
        var content = ManifestWriter.Image(type, config, layers);
        if (!Manifest.TryParse(content, type, out var manifest, out var fault))
            throw new InvalidOperationException(fault);
        var digest = Digest.OfContent(content);
        await new RepositoryTarget(target, null).TakeManifestAsync(manifest, digest, tags, cancellationToken);
        var size = layers.DistinctBy(layer => layer.Digest).Sum(layer => layer.Size) + config.Size;
        return new CopiedImage(new Descriptor(type, digest, content.Length), size, _tally.Sent, 0);
    }

    /// <summary>The layers of the image that the tags name now, by their plain digests.</summary>
    private async ValueTask<ImmutableDictionary<Digest, Descriptor>> KnownLayersAsync(IReadOnlyList<Tag> tags, CancellationToken cancellationToken)
    {
        var known = ImmutableDictionary.CreateBuilder<Digest, Descriptor>();
        foreach (var tag in tags)
        {
            if (await target.Tags.ResolveAsync(tag, cancellationToken) is not { } digest
                || await target.Manifests.GetAsync(digest, cancellationToken) is not { } stored
                || !Manifest.TryParse(stored.Content, stored.MediaType, out var manifest, out _)
                || manifest.Config is not { } config)
            {
                continue;
            }
            var diffIds = await DiffIdsAsync(config.Digest, cancellationToken);
            if (diffIds.Length != manifest.Layers.Length)
                continue;
            for (var i = 0; i < diffIds.Length; i++)
            {
                if (IsAsWanted(manifest.Layers[i].MediaType))
                    known[diffIds[i]] = manifest.Layers[i];
            }
        }
        return known.ToImmutable();
    }

    private bool IsAsWanted(string type) => options.Compression switch
    {
        LayerCompression.Gzip => type == DockerLayer + ".gzip",
        LayerCompression.Zstd => type == OciZstdLayer,
        _ => type == DockerLayer,
    };

    private async ValueTask<ImmutableArray<Digest>> DiffIdsAsync(Digest config, CancellationToken cancellationToken)
    {
        await using var blob = await new RepositorySource(target).OpenBlobAsync(config, cancellationToken);
        if (blob is null || await WholeBlob.ReadAsync(blob, LongestConfig, cancellationToken) is not { } content)
            return [];
        try
        {
            using var json = JsonDocument.Parse(content);
            return [.. json.RootElement.GetProperty("rootfs").GetProperty("diff_ids").EnumerateArray().Select(id => Digest.Parse(id.GetString() ?? ""))];
        }
        catch (Exception fault) when (fault is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return [];
        }
    }

    private static async ValueTask<ReadOnlyMemory<byte>> StartOfAsync(IBlob blob, CancellationToken cancellationToken)
    {
        var start = new byte[Compressions.MagicLength];
        return start.AsMemory(0, await blob.ReadAsync(0, start, cancellationToken));
    }

    private static string ToOci(string type) => type switch
    {
        DockerLayer => "application/vnd.oci.image.layer.v1.tar",
        DockerLayer + ".gzip" => "application/vnd.oci.image.layer.v1.tar+gzip",
        _ => type,
    };

    private ArchiveException Mismatch(ArchiveEntry file, Digest expected, Digest actual) => new(
        archive.Name, $"'{archive.Name}' is refused: '{file.Path}' should be {expected}, but its bytes have the digest {actual}.");
}
