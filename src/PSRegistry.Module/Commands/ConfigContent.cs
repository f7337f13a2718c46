using PSRegistry.Errors;
using PSRegistry.Oci;

namespace PSRegistry.Commands;

/// <summary>Reads the configs of images.</summary>
internal static class ConfigContent
{
    /// <exception cref="UnreadableContentException">There is none, or it is something else.</exception>
    public static async ValueTask<ImageConfiguration> ReadAsync(ImageTarget target, Manifest manifest, CancellationToken cancellationToken)
    {
        if (manifest.Config is not { } config || config.Size > ImageConfiguration.MaxSize)
            throw new UnreadableContentException($"{target} is no image: its manifest has no config of a sane size.");
        await using var blob = await target.Repository.Blobs.OpenAsync(config.Digest, cancellationToken)
            ?? throw new UnreadableContentException($"{target} is not whole: the registry does not have its config {config.Digest}.");
        var content = new byte[config.Size];
        var read = 0;
        while (read < content.Length && await blob.ReadAsync(read, content.AsMemory(read), cancellationToken) is var count and > 0)
            read += count;
        // What comes from a registry is checked on its way; what lies in a data folder is not.
        if (config.Digest.Algorithm.Compute(content.AsMemory(0, read)) != config.Digest)
            throw new UnreadableContentException($"{target} is damaged: its config is not what its digest {config.Digest} says.");
        return ImageConfiguration.TryParse(content.AsMemory(0, read), out var configuration)
            ? configuration
            : throw new UnreadableContentException($"{target} is no image: its config ({config.MediaType}) is no JSON object. Get-RegistryManifest shows what it is.");
    }
}
