using System.Collections.Immutable;
using PSRegistry.Oci;

namespace PSRegistry.Client;

/// <summary>An image, or a list of images, that an archive holds under its names.</summary>
public sealed record ArchivedImage
{
    internal ArchivedImage()
    {
    }

    /// <summary>The names as the archive has them: <c>nginx:1.27</c>, or a tag alone, or none.</summary>
    public required ImmutableArray<string> Names { get; init; }

    /// <summary>The manifest; null in a docker archive, which has none: it comes into being with the compression of the layers.</summary>
    public Descriptor? Manifest { get; init; }

    /// <summary>The digest of the manifest, else of the configuration: docker's image ID.</summary>
    public required Digest Id { get; init; }

    /// <summary>The configuration in a docker archive; null otherwise.</summary>
    internal ReadOnlyMemory<byte>? Config { get; init; }

    /// <summary>The layers in a docker archive, the lowest first, each with the digest of its plain bytes.</summary>
    internal ImmutableArray<(ArchiveEntry File, Digest DiffId)> Layers { get; init; } = [];

    /// <summary>The first name, else the id.</summary>
    public override string ToString() => Names.IsEmpty ? Id.ToString() : Names[0];
}

/// <summary>The kinds of archive that hold images.</summary>
public enum ArchiveKind
{
    /// <summary>What <c>docker save</c> writes.</summary>
    DockerArchive,

    /// <summary>The image layout of OCI (image-spec, image-layout.md).</summary>
    OciLayout,
}
