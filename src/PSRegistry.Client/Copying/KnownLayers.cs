using System.Collections.Immutable;
using System.Text.Json;
using PSRegistry.Oci;

namespace PSRegistry.Client;

/// <summary>
/// The layers of an image that a registry has already, by the digests of their plain bytes. The registry itself tells: the configs of its
/// images list these in the order of the layers. So nothing is compressed only to find out that it is there.
/// </summary>
internal sealed class KnownLayers(ArchivedImage image, IRepository target, CopyOptions options)
{
    /// <summary>Below this many bytes it is cheaper to send them than to look around for them.</summary>
    private const long WorthASearch = 1024 * 1024;

    /// <summary>How many other tags of a repository are looked at, and how many are listed to find the last of them.</summary>
    private const int OtherTags = 5, ListedTags = 1000;

    private readonly Dictionary<Digest, KnownLayer> _layers = [];

    /// <summary>The manifest of this very image that a tag names already; null for none.</summary>
    public Manifest? Same { get; private set; }

    /// <summary>The tags that name <see cref="Same"/>.</summary>
    public List<Tag> SameTags { get; } = [];

    /// <summary>A layer, as the registry has it; null when it is not known to.</summary>
    public KnownLayer? Find(Digest diffId) => _layers.GetValueOrDefault(diffId) ?? options.Published?.FindLayer(diffId, options.Compression);

    /// <summary>
    /// Looks at the image that each of the tags names now; where that leaves much unknown, also at the last other tags of the repository and of
    /// the one to mount from.
    /// </summary>
    public async ValueTask ReadAsync(IReadOnlyList<Tag> tags, CancellationToken cancellationToken)
    {
        foreach (var tag in tags)
        {
            if (await GetAsync(target, tag, cancellationToken) is not { } manifest)
                continue;
            await LearnAsync(target, manifest, cancellationToken);
            if (manifest.Config?.Digest != image.Id || (Same is not null && !Same.Content.Span.SequenceEqual(manifest.Content.Span)))
                continue;
            Same = manifest;
            SameTags.Add(tag);
        }
        if (!IsWorthASearch)
            return;
        await SearchAsync(target, tags, cancellationToken);
        if (IsWorthASearch && options.MountFrom is { } other && other != target.Name && target is RemoteRepository remote)
            await SearchAsync(remote.Registry.GetRepository(other), [], cancellationToken);
    }

    private bool IsWorthASearch => image.Layers.Where(layer => Find(layer.DiffId) is null).Sum(layer => layer.File.Size) >= WorthASearch;

    private async ValueTask SearchAsync(IRepository repository, IReadOnlyList<Tag> known, CancellationToken cancellationToken)
    {
        try
        {
            var last = new Queue<Tag>();
            await foreach (var tag in repository.Tags.ListAsync(cancellationToken: cancellationToken).Take(ListedTags).WithCancellation(cancellationToken))
            {
                if (known.Contains(tag))
                    continue;
                last.Enqueue(tag);
                if (last.Count > OtherTags)
                    last.Dequeue();
            }
            foreach (var tag in last.Reverse().TakeWhile(_ => IsWorthASearch))
            {
                if (await GetAsync(repository, tag, cancellationToken) is { } manifest)
                    await LearnAsync(repository, manifest, cancellationToken);
            }
        }
        catch (RegistryRequestException)
        {
            // Who may not look around there sends everything.
        }
    }

    private async ValueTask LearnAsync(IRepository repository, Manifest manifest, CancellationToken cancellationToken)
    {
        if (manifest.Config is not { } config)
            return;
        var diffIds = config.Digest == image.Id
            ? [.. image.Layers.Select(layer => layer.DiffId)]
            : await DiffIdsAsync(repository, config.Digest, cancellationToken);
        if (diffIds.Length != manifest.Layers.Length)
            return;
        for (var i = 0; i < diffIds.Length; i++)
        {
            var layer = manifest.Layers[i];
            if (LayerTypes.CompressionOf(layer.MediaType) == options.Compression)
                _layers.TryAdd(diffIds[i], new KnownLayer(new Descriptor(LayerTypes.Of(options.Compression), layer.Digest, layer.Size), repository.Name));
        }
    }

    private static async ValueTask<Manifest?> GetAsync(IRepository repository, Tag tag, CancellationToken cancellationToken)
    {
        var stored = repository is RemoteRepository remote
            ? await remote.GetManifestAsync(tag, cancellationToken)
            : await repository.Tags.ResolveAsync(tag, cancellationToken) is { } digest ? await repository.Manifests.GetAsync(digest, cancellationToken) : null;
        return stored is not null && Manifest.TryParse(stored.Content, stored.MediaType, out var manifest, out _) ? manifest : null;
    }

    private static async ValueTask<ImmutableArray<Digest>> DiffIdsAsync(IRepository repository, Digest config, CancellationToken cancellationToken)
    {
        await using var blob = await new RepositorySource(repository).OpenBlobAsync(config, cancellationToken);
        if (blob is null || await WholeBlob.ReadAsync(blob, ImageConfiguration.MaxSize, cancellationToken) is not { } content)
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
}
