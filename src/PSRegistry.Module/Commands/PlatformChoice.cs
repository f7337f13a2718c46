using System.Runtime.InteropServices;
using PSRegistry.Errors;
using PSRegistry.Oci;

namespace PSRegistry.Commands;

/// <summary>Which images are meant where a platform is named, or only one can be taken.</summary>
internal static class PlatformChoice
{
    /// <summary>What this machine, or the virtual one beside it, runs.</summary>
    private static readonly string Ours = "linux/" + RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => "amd64",
        Architecture.X86 => "386",
        var other => other.ToString().ToLowerInvariant(),
    };

    /// <summary>
    /// The one image that a docker archive can take of what a name stands for: itself, or that of an index for the platform asked for; where none
    /// is asked for the only one, else the one for this machine.
    /// </summary>
    /// <exception cref="PlatformNotFoundException">There is none, and the message says which there are.</exception>
    /// <exception cref="UnreadableContentException">It is no image.</exception>
    public static async Task<Digest> FindOneAsync(ImageTarget target, string? platform, CancellationToken cancellationToken)
    {
        var stored = await target.GetManifestAsync(cancellationToken);
        var manifest = ManifestContent.Parse(stored, target);
        if (!manifest.IsIndex)
        {
            if (!MediaTypes.IsImageConfig(manifest.Config?.MediaType))
                throw new UnreadableContentException($"{target} is no image but {manifest.EffectiveArtifactType}, and docker loads images alone. -Format OciArchive saves anything.");
            await CheckAsync(target, manifest, platform is null ? [] : [platform], cancellationToken);
            return stored.Digest;
        }
        var images = manifest.Manifests.Where(child => child.IsPlatformImage()).ToList();
        if (platform is null && images is [var only])
            return only.Digest;
        var wanted = platform ?? Ours;
        return images.Find(image => image.Platform!.Matches(wanted))?.Digest ?? throw new PlatformNotFoundException(
            $"{target} has no image for {wanted}; it has {(images.Count == 0 ? "none" : string.Join(", ", images.Select(image => image.Platform)))}. "
            + "-Format OciArchive saves all of an index.");
    }

    /// <summary>Makes sure that what is one image, which copies go through as it is, is one for the platforms asked for.</summary>
    /// <exception cref="PlatformNotFoundException">It is for another.</exception>
    /// <param name="target">The image, as it was named.</param>
    /// <param name="digest">What its name stood for when it was looked at; a tag that moves meanwhile does not count.</param>
    /// <param name="platforms">What is asked for; empty for anything.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task CheckAsync(ImageTarget target, Digest digest, IReadOnlyList<string> platforms, CancellationToken cancellationToken)
    {
        if (platforms.Count == 0)
            return;
        var pinned = target with { Digest = digest };
        await CheckAsync(target, ManifestContent.Parse(await pinned.GetManifestAsync(cancellationToken), target), platforms, cancellationToken);
    }

    private static async Task CheckAsync(ImageTarget target, Manifest manifest, IReadOnlyList<string> platforms, CancellationToken cancellationToken)
    {
        if (platforms.Count == 0 || !MediaTypes.IsImageConfig(manifest.Config?.MediaType))
            return;
        var platform = (await ConfigContent.ReadAsync(target, manifest, cancellationToken)).Platform;
        if (!platforms.Any(platform.Matches))
            throw new PlatformNotFoundException($"{target} is an image for {platform}, not for {string.Join(", ", platforms)}.");
    }
}
