using System.Collections.Immutable;
using System.Globalization;
using PSRegistry.Oci;

namespace PSRegistry.Client;

/// <summary>
/// What a copy has to move: the manifests that are missing, children before parents, and their blobs. Made first, so that the totals are
/// known and nothing is sent of what turns out to be incomplete.
/// </summary>
internal sealed class CopyPlan(IImageSource source, IImageTarget target, CopyOptions options, string sourceName)
{
    /// <summary>An index lists some dozens; whoever lists more has us walk for ever.</summary>
    private const int MostManifests = 10_000;

    /// <summary>What builders write on what is no image, and which image it is about.</summary>
    private const string NoPlatform = "unknown/unknown", AttestationOf = "vnd.docker.reference.digest";

    private readonly HashSet<Digest> _seen = [];
    private readonly Dictionary<Digest, Descriptor> _blobs = [];

    /// <summary>The manifests to put, in this order.</summary>
    public List<(Manifest Manifest, Digest Digest)> Manifests { get; } = [];

    /// <summary>The blobs to have, each once.</summary>
    public IReadOnlyCollection<Descriptor> Blobs => _blobs.Values;

    /// <summary>The manifest that the tags shall name.</summary>
    public (Manifest Manifest, Digest Digest) Root { get; private set; }

    /// <summary>What the images run on that an index lists, or listed before one of them was chosen; empty where there was none.</summary>
    public ImmutableArray<Platform> Platforms { get; private set; } = [];

    public async ValueTask MakeAsync(Digest root, CancellationToken cancellationToken)
    {
        var (manifest, digest) = await ReadAsync(root, cancellationToken);
        var chosen = manifest.IsIndex && options.Platforms.Count > 0 ? Choose(manifest, digest) : [.. manifest.Manifests];
        Platforms = [.. chosen.Select(child => child.Platform).OfType<Platform>().Where(platform => platform.ToString() != NoPlatform).Distinct()];
        if (chosen.Count > 0 && options.Platforms.Count > 0)
        {
            if (chosen is [var only])
                (manifest, digest) = await ReadAsync(only.Digest, cancellationToken);
            else if (chosen.Count < manifest.Manifests.Length)
                (manifest, digest) = Index(chosen);
        }
        Root = (manifest, digest);
        await VisitAsync(manifest, digest, isRoot: true, cancellationToken);
    }

    /// <summary>The bytes of all blobs that belong to the root, whether the target has them or not.</summary>
    public async ValueTask<long> MeasureAsync(CancellationToken cancellationToken)
    {
        var sizes = new Dictionary<Digest, long>();
        var seen = new HashSet<Digest> { Root.Digest };
        var open = new Queue<Manifest>([Root.Manifest]);
        while (open.TryDequeue(out var manifest) && seen.Count < MostManifests)
        {
            foreach (var child in manifest.Manifests.Where(child => seen.Add(child.Digest)))
            {
                if (MediaTypes.IsManifest(child.MediaType))
                    open.Enqueue((await ReadAsync(child.Digest, cancellationToken)).Manifest);
                else
                    sizes.TryAdd(child.Digest, child.Size);
            }
            foreach (var blob in manifest.Config is { } config ? manifest.Layers.Prepend(config) : manifest.Layers)
                sizes.TryAdd(blob.Digest, blob.Size);
        }
        return sizes.Values.Sum();
    }

    private async ValueTask VisitAsync(Manifest manifest, Digest digest, bool isRoot, CancellationToken cancellationToken)
    {
        if (!_seen.Add(digest))
            return;
        if (_seen.Count > MostManifests)
            throw new ArchiveException(sourceName, string.Create(CultureInfo.InvariantCulture,
                $"{sourceName} lists more than {MostManifests} manifests under one."));
        var isThere = await target.HasManifestAsync(digest, cancellationToken);
        if (!isThere || options.WithReferrers)
        {
            foreach (var child in manifest.Manifests)
            {
                // Build caches list plain blobs.
                if (!MediaTypes.IsManifest(child.MediaType))
                    Need(child, isThere);
                else if (await ReadAsync(child.Digest, cancellationToken) is var (listed, listedDigest))
                    await VisitAsync(listed, listedDigest, isRoot: false, cancellationToken);
            }
        }
        foreach (var blob in manifest.Config is { } config ? manifest.Layers.Prepend(config) : manifest.Layers)
            Need(blob, isThere);
        if (!isThere && !isRoot)
            Manifests.Add((manifest, digest));
        if (options.WithReferrers)
            await VisitReferrersAsync(digest, cancellationToken);
    }

    private async ValueTask VisitReferrersAsync(Digest subject, CancellationToken cancellationToken)
    {
        await foreach (var referrer in source.ListReferrersAsync(subject, cancellationToken))
        {
            var (manifest, digest) = await ReadAsync(referrer.Digest, cancellationToken);
            await VisitAsync(manifest, digest, isRoot: false, cancellationToken);
        }
    }

    private void Need(Descriptor blob, bool isThere)
    {
        if (!isThere && (!MediaTypes.IsForeignLayer(blob.MediaType) || blob.Urls.IsEmpty))
            _blobs.TryAdd(blob.Digest, blob);
    }

    private async ValueTask<(Manifest Manifest, Digest Digest)> ReadAsync(Digest digest, CancellationToken cancellationToken)
    {
        var stored = await source.GetManifestAsync(digest, cancellationToken)
            ?? throw new ArchiveException(sourceName, $"{sourceName} does not have the manifest {digest}.");
        return Manifest.TryParse(stored.Content, stored.MediaType, out var manifest, out var fault)
            ? (manifest, digest)
            : throw new ArchiveException(sourceName, $"The manifest {digest} of {sourceName} cannot be copied: {ServerText.Clean(fault)}");
    }

    private List<Descriptor> Choose(Manifest index, Digest digest)
    {
        var images = index.Manifests.Where(child => child.Platform is { } platform && options.Platforms.Any(wanted => Matches(wanted, platform))).ToList();
        if (images.Count > 0)
        {
            // Without its image an attestation says nothing; with one image alone it has no index to be listed in.
            var attestations = index.Manifests.Where(
                child => images.Count > 1 && child.Annotations.TryGetValue(AttestationOf, out var of) && images.Exists(image => image.Digest.ToString() == of));
            return [.. images, .. attestations.Except(images)];
        }
        var has = string.Join(", ", index.Manifests.Select(child => child.Platform?.ToString()).OfType<string>().Where(text => text != NoPlatform).Distinct());
        throw new ArchiveException(sourceName,
            $"{sourceName} has no image for {string.Join(", ", options.Platforms)} in {digest}; it has {(has.Length == 0 ? "none with a platform" : has)}.")
        {
            Failure = ArchiveFailure.NoSuchPlatform,
        };
    }

    public static bool Matches(string wanted, Platform platform) =>
        wanted == platform.ToString() || wanted == $"{platform.Os}/{platform.Architecture}";

    private static (Manifest, Digest) Index(List<Descriptor> children)
    {
        var content = ManifestWriter.Index(children);
        return Manifest.TryParse(content, MediaTypes.OciIndex, out var index, out var fault)
            ? (index, Digest.OfContent(content))
            : throw new InvalidOperationException(fault);
    }
}
