using PSRegistry.Oci;

namespace PSRegistry.Commands;

/// <summary>Tells the images of an index from what else builders put into it.</summary>
internal static class PlatformImages
{
    /// <summary>What a builder writes for the platform of what is no image, such as the attestations in an index.</summary>
    private const string NoPlatform = "unknown";

    /// <summary>Whether it is an image for a platform.</summary>
    public static bool IsPlatformImage(this Descriptor child) => MediaTypes.IsImage(child.MediaType) && child.Platform is { Os: not NoPlatform };
}
