using System.Runtime.InteropServices;
using PSRegistry.Commands;
using PSRegistry.Errors;
using PSRegistry.Oci;

namespace PSRegistry.Saving;

/// <summary>The one image that a docker archive can take of what a name stands for.</summary>
internal static class OneImage
{
    private const string DockerConfig = "application/vnd.docker.container.image.v1+json";

    /// <summary>What a builder writes for the platform of what is no image, such as the attestations in an index.</summary>
    private const string NoPlatform = "unknown";

    /// <summary>What this machine, or the virtual one beside it, runs.</summary>
    private static readonly string Ours = "linux/" + RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => "amd64",
        Architecture.X86 => "386",
        Architecture.Arm => "arm",
        var other => other.ToString().ToLowerInvariant(),
    };

    /// <summary>
    /// The manifest of the image: itself, or that of an index for the platform asked for; where none is asked for the only one, else the one
    /// for this machine.
    /// </summary>
    /// <exception cref="PlatformNotFoundException">There is none, and the message says which there are.</exception>
    /// <exception cref="UnreadableContentException">It is no image.</exception>
    public static async Task<Digest> FindAsync(ImageTarget target, string? platform, CancellationToken cancellationToken)
    {
        var stored = await target.GetManifestAsync(cancellationToken);
        var manifest = ManifestContent.Parse(stored, target);
        if (manifest.Config is { MediaType: not (MediaTypes.OciConfig or DockerConfig) } config)
            throw new UnreadableContentException($"{target} is no image but {config.MediaType}, and docker loads images alone. -Format OciArchive saves anything.");
        if (!manifest.IsIndex)
            return stored.Digest;
        var images = manifest.Manifests.Where(child => MediaTypes.IsImage(child.MediaType) && child.Platform is not { Os: NoPlatform }).ToList();
        if (platform is null && images is [var only])
            return only.Digest;
        var wanted = platform ?? Ours;
        return images.Find(image => IsFor(image.Platform, wanted))?.Digest ?? throw new PlatformNotFoundException(
            $"{target} has no image for {wanted}; it has {(images.Count == 0 ? "none" : string.Join(", ", images.Select(image => image.Platform)))}.");
    }

    private static bool IsFor(Platform? platform, string wanted) =>
        platform is not null && (wanted == platform.ToString() || wanted == $"{platform.Os}/{platform.Architecture}");
}
