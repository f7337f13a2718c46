using PSRegistry.Errors;
using PSRegistry.Oci;
using PSRegistry.Output;

namespace PSRegistry.Commands;

/// <summary>
/// The closer look at a tag: its manifest and config, two requests. An index takes one more for each of its images, whose sizes it does not
/// tell. Nothing is kept but what is shown.
/// </summary>
internal static class TagInspection
{
    private const string CreatedAnnotation = "org.opencontainers.image.created";

    public static async ValueTask<RegistryTagDetail> InspectAsync(ImageTarget target, CancellationToken cancellationToken)
    {
        var stored = await target.GetManifestAsync(cancellationToken);
        var manifest = ManifestContent.Parse(stored, target);
        var images = new List<Manifest>();
        if (manifest.IsIndex)
        {
            foreach (var child in manifest.Manifests.Where(child => child.IsPlatformImage()))
            {
                // An index may list images that were never pushed here, or deleted since.
                if (await target.Repository.Manifests.GetAsync(child.Digest, cancellationToken) is { } content)
                    images.Add(ManifestContent.Parse(content, target with { Digest = child.Digest }));
            }
        }
        else
        {
            images.Add(manifest);
        }
        var config = images.Count == 0 ? null : await ConfigAsync(target, images[0], cancellationToken);
        return new RegistryTagDetail(target, stored)
        {
            ArtifactType = manifest.EffectiveArtifactType,
            Size = images.SelectMany(Blobs).DistinctBy(blob => blob.Digest).Sum(blob => blob.Size),
            Platforms = manifest.IsIndex
                ? [.. manifest.Manifests.Where(child => child.IsPlatformImage()).Select(child => child.Platform!.ToString())]
                : config is { Platform: { Os.Length: > 0 } platform } ? [platform.ToString()] : [],
            Created = (config?.Created ?? Annotated(manifest))?.LocalDateTime,
        };
    }

    /// <summary>Null for artifacts, and for images whose config cannot be read: they are listed all the same.</summary>
    private static async ValueTask<ImageConfiguration?> ConfigAsync(ImageTarget target, Manifest image, CancellationToken cancellationToken)
    {
        if (!MediaTypes.IsImageConfig(image.Config?.MediaType))
            return null;
        try
        {
            return await ConfigContent.ReadAsync(target, image, cancellationToken);
        }
        catch (UnreadableContentException)
        {
            return null;
        }
    }

    private static IEnumerable<Descriptor> Blobs(Manifest image) => image.Config is { } config ? image.Layers.Prepend(config) : image.Layers;

    private static DateTimeOffset? Annotated(Manifest manifest) =>
        manifest.Annotations.TryGetValue(CreatedAnnotation, out var text)
        && DateTimeOffset.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : null;
}
