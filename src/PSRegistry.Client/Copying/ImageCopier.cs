using PSRegistry.Oci;

namespace PSRegistry.Client;

/// <summary>
/// Copies images between repositories, archives and layouts: first what manifests rest on, then they themselves, the tags last, so that
/// nothing names what is not there. Only what is missing is moved, and digests stay as they are.
/// </summary>
public sealed class ImageCopier(CopyOptions? options = null)
{
    private readonly CopyOptions _options = options ?? new CopyOptions();

    /// <summary>Copies a manifest with all that belongs to it.</summary>
    /// <param name="source">Where it is.</param>
    /// <param name="manifest">The manifest: an image or an index.</param>
    /// <param name="target">Where it shall be.</param>
    /// <param name="tags">The tags to point at it there; may be empty.</param>
    /// <param name="cancellationToken">Stops; uploads that are under way are discarded.</param>
    /// <exception cref="RegistryRequestException">A registry does not do as asked.</exception>
    /// <exception cref="ArchiveException">The source is incomplete or damaged.</exception>
    public ValueTask<CopiedImage> CopyAsync(
        IRepository source, Digest manifest, IRepository target, IReadOnlyList<Tag> tags, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        var mountFrom = _options.MountFrom ?? SameRegistry(source, target);
        return CopyAsync(new RepositorySource(source), manifest, new RepositoryTarget(target, mountFrom), tags, source.ToString()!, parallelism: null, cancellationToken);
    }

    /// <summary>Pushes an image of an archive.</summary>
    /// <param name="archive">The archive.</param>
    /// <param name="image">One of its images.</param>
    /// <param name="target">Where it shall be.</param>
    /// <param name="tags">The tags to point at it there; may be empty.</param>
    /// <param name="cancellationToken">Stops; uploads that are under way are discarded.</param>
    /// <exception cref="RegistryRequestException">A registry does not do as asked.</exception>
    /// <exception cref="ArchiveException">The archive is incomplete, damaged or forged.</exception>
    public async ValueTask<CopiedImage> PublishAsync(
        ImageArchive archive, ArchivedImage image, IRepository target, IReadOnlyList<Tag> tags, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(archive);
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(target);
        var platform = await archive.PlatformOfAsync(image, cancellationToken);
        if (platform is not null && _options.Platforms.Count > 0 && !_options.Platforms.Any(wanted => CopyPlan.Matches(wanted, platform)))
        {
            throw new ArchiveException(archive.Name, $"{image} in '{archive.Name}' is an image for {platform}, not for {string.Join(", ", _options.Platforms)}.")
            {
                Failure = ArchiveFailure.NoSuchPlatform,
            };
        }
        var parallelism = archive.Files.IsSequential ? 1 : (int?)null;
        var copied = image.Manifest is { } manifest
            ? await CopyAsync(
                archive, manifest.Digest, new RepositoryTarget(target, _options.MountFrom, _options.Published), tags, archive.Name, parallelism, cancellationToken)
            : await new DockerArchivePush(archive, target, _options).PushAsync(image, tags, cancellationToken);
        return platform is null ? copied : copied with { Platforms = [platform] };
    }

    /// <summary>Saves an image to a layout that is being written.</summary>
    /// <param name="source">Where it is.</param>
    /// <param name="manifest">The manifest: an image or an index.</param>
    /// <param name="layout">Where it shall be.</param>
    /// <param name="name">Its name there; null for none.</param>
    /// <param name="cancellationToken">Stops; the layout is then incomplete.</param>
    public async ValueTask<CopiedImage> SaveAsync(
        IRepository source, Digest manifest, OciLayoutWriter layout, string? name, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(layout);
        var copied = await CopyAsync(new RepositorySource(source), manifest, layout, [], source.ToString()!, parallelism: null, cancellationToken);
        layout.List(copied.Manifest, name);
        return copied;
    }

    private async ValueTask<CopiedImage> CopyAsync(
        IImageSource source, Digest digest, IImageTarget target, IReadOnlyList<Tag> tags, string sourceName, int? parallelism, CancellationToken cancellationToken)
    {
        var plan = new CopyPlan(source, target, _options, sourceName);
        await plan.MakeAsync(digest, cancellationToken);
        var tally = new CopyTally(_options.Progress);
        tally.Expect(plan.Blobs.Count, plan.Blobs.Sum(blob => blob.Size));
        var parallel = new ParallelOptions
        {
            MaxDegreeOfParallelism = Math.Max(1, parallelism ?? target.Parallelism ?? _options.Parallelism),
            CancellationToken = cancellationToken,
        };
        var blobs = source is ImageArchive archive ? archive.InOrder(plan.Blobs) : plan.Blobs;
        await Parallel.ForEachAsync(blobs, parallel, (blob, token) => target.TakeBlobAsync(blob, source, tally, token));
        var referrers = plan.Manifests.Where(one => one.Manifest.Subject is not null).ToList();
        foreach (var (manifest, child) in plan.Manifests.Except(referrers))
            await target.TakeManifestAsync(manifest, child, [], cancellationToken);
        await target.TakeManifestAsync(plan.Root.Manifest, plan.Root.Digest, tags, cancellationToken);
        foreach (var (manifest, referrer) in referrers)
            await target.TakeManifestAsync(manifest, referrer, [], cancellationToken);
        var root = new Descriptor(plan.Root.Manifest.MediaType, plan.Root.Digest, plan.Root.Manifest.Content.Length);
        // What is there already was not looked into; of an archive that costs nothing.
        var size = source is ImageArchive ? await plan.MeasureAsync(cancellationToken) : tally.Total;
        return new CopiedImage(root, size, tally.Sent, tally.Mounted) { Platforms = plan.Platforms };
    }

    private static RepositoryName? SameRegistry(IRepository source, IRepository target) =>
        source is RemoteRepository from && target is RemoteRepository to && from.Registry.Address.BaseUri == to.Registry.Address.BaseUri && from.Name != to.Name
            ? from.Name
            : null;
}
