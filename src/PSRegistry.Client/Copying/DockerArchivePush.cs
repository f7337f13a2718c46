using PSRegistry.Oci;

namespace PSRegistry.Client;

/// <summary>
/// Pushes an image of a docker archive, which has no manifest yet: the layers are compressed on their way, and the manifest is written from
/// what came out. Layers that the registry has already are not sent again, and an image that its tags name already is left as it is.
/// </summary>
internal sealed class DockerArchivePush(ImageArchive archive, IRepository target, CopyOptions options)
{

    private readonly BlobSender _sender = new(target);
    private readonly RepositoryTarget _target = new(target, options.MountFrom, options.Published);
    private readonly CopyTally _tally = new(options.Progress);

    public async ValueTask<CopiedImage> PushAsync(ArchivedImage image, IReadOnlyList<Tag> tags, CancellationToken cancellationToken)
    {
        var known = new KnownLayers(image, target, options);
        await known.ReadAsync(tags, cancellationToken);
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
            var descriptor = await PushLayerAsync(layer.File, layer.DiffId, known.Find(layer.DiffId), token);
            options.Published?.AddLayer(layer.DiffId, descriptor, target.Name);
            lock (pushed)
                pushed[layer.DiffId] = descriptor;
        });
        var all = image.Layers.Select(layer => pushed[layer.DiffId]).ToList();
        // docker's types have no zstd.
        var isOci = all.Exists(layer => LayerTypes.IsOciAlone(layer.MediaType));
        if (isOci)
            all = all.ConvertAll(layer => layer with { MediaType = LayerTypes.ToOci(layer.MediaType) });
        var config = new Descriptor(isOci ? MediaTypes.OciConfig : MediaTypes.DockerConfig, image.Id, image.Config!.Value.Length);
        await PushConfigAsync(config, image.Config.Value, cancellationToken);
        // The very image, as somebody else may have put it: its digest stays.
        var isSame = known.Same is { } same && same.Layers.Select(layer => layer.Digest).SequenceEqual(all.Select(layer => layer.Digest));
        var manifest = isSame ? known.Same! : Write(isOci ? MediaTypes.OciManifest : MediaTypes.DockerManifest, config, all);
        var digest = Digest.OfContent(manifest.Content);
        if (!isSame || tags.Except(known.SameTags).Any())
            await _target.TakeManifestAsync(manifest, digest, isSame ? [.. tags.Except(known.SameTags)] : tags, cancellationToken);
        var size = all.DistinctBy(layer => layer.Digest).Sum(layer => layer.Size) + config.Size;
        return new CopiedImage(new Descriptor(manifest.MediaType, digest, manifest.Content.Length), size, _tally.Sent, _tally.Mounted);
    }

    private async ValueTask<Descriptor> PushLayerAsync(ArchiveEntry file, Digest diffId, KnownLayer? known, CancellationToken cancellationToken)
    {
        if (known is not null && await _target.HasBlobAsync(known.Layer.Digest, file.Size, known.Repository, _tally, cancellationToken))
            return known.Layer;
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
            return new Descriptor(LayerTypes.Of(LayerCompression.None), sent.Digest, sent.Size);
        }
        var compress = options.Compression == LayerCompression.Zstd
            ? BlockCompression.By(options.CompressZstd ?? throw new InvalidOperationException("zstd is wanted, but nothing is given to compress with it."))
            : BlockCompression.Gzip;
        using var compressed = new CompressedBlob(plain, compress, _tally.Follow());
        var (digest, size) = await _sender.SendAsync(compressed, cancellationToken);
        _tally.Done(size);
        return new Descriptor(LayerTypes.Of(options.Compression), digest, size);
    }

    /// <summary>A layer that is compressed in the archive goes as it is, once its plain bytes are what the configuration says.</summary>
    private async ValueTask<Descriptor> PushCompressedAsync(ArchiveEntry file, Digest diffId, CompressionFound found, CancellationToken cancellationToken)
    {
        var digest = await CheckAsync(file, diffId, found, cancellationToken);
        var type = LayerTypes.Of(found == CompressionFound.Zstd ? LayerCompression.Zstd : LayerCompression.Gzip);
        if (await _target.HasBlobAsync(digest, file.Size, null, _tally, cancellationToken))
            return new Descriptor(type, digest, file.Size);
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

    private static Manifest Write(string type, Descriptor config, List<Descriptor> layers) =>
        Manifest.TryParse(ManifestWriter.Image(type, config, layers), type, out var manifest, out var fault) ? manifest : throw new InvalidOperationException(fault);

    private static async ValueTask<ReadOnlyMemory<byte>> StartOfAsync(IBlob blob, CancellationToken cancellationToken)
    {
        var start = new byte[Compressions.MagicLength];
        return start.AsMemory(0, await blob.ReadAsync(0, start, cancellationToken));
    }

    private ArchiveException Mismatch(ArchiveEntry file, Digest expected, Digest actual) => new(
        archive.Name, $"'{archive.Name}' is refused: '{file.Path}' should be {expected}, but its bytes have the digest {actual}.");
}
