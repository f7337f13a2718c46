namespace PSRegistry.Testing;

/// <summary>An image (or index, or artifact) in a layout of its own.</summary>
/// <param name="Layout">The layout, which holds nothing else.</param>
/// <param name="Manifest">Its manifest, tagged <see cref="RealImages.Tag"/>.</param>
public sealed record RealImage(ImageLayout Layout, ContentDescriptor Manifest)
{
    /// <summary>How skopeo names it.</summary>
    public string Reference => Layout.Reference(RealImages.Tag);
}
