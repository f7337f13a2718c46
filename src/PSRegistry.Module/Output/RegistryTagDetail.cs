using PSRegistry.Commands;
using PSRegistry.Oci;

namespace PSRegistry.Output;

/// <summary>A tag with what it names at the moment: Get-RegistryTag -Detailed.</summary>
public sealed class RegistryTagDetail : RegistryTag
{
    internal RegistryTagDetail(ImageTarget target, StoredManifest stored)
        : base(target.Registry, target.Repository.Name.ToString(), target.Tag!.ToString())
    {
        Digest = stored.Digest.ToString();
        MediaType = stored.MediaType;
    }

    /// <summary>The digest of the manifest that it names.</summary>
    public string Digest { get; }

    /// <summary>The manifest's type: of an image or artifact, or of an index.</summary>
    public string MediaType { get; }

    /// <summary>The kind of artifact; for images the type of their config.</summary>
    public string? ArtifactType { get; internal init; }

    /// <summary>Configs and layers as they are sent, in bytes; for an index those of all its platforms, what they share counted once.</summary>
    public long Size { get; internal init; }

    /// <summary>What it runs on, such as linux/amd64; empty for what is no image.</summary>
    public IReadOnlyList<string> Platforms { get; internal init; } = [];

    /// <summary>When the image was made, in local time; for an index its first image. Null where nothing says it.</summary>
    public DateTime? Created { get; internal init; }
}
