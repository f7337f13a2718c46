using PSRegistry.Client;

namespace PSRegistry.Output;

/// <summary>
/// An image of the engine on this machine. It is in no registry, so none of its properties is called as those of images that are, and its
/// text is no image reference: piped to a cmdlet that removes from a registry it names nothing there.
/// </summary>
public sealed class RegistryLocalImage
{
    internal RegistryLocalImage(LocalImage image, string? name, string engine)
    {
        Name = name;
        Id = image.Id.ToString();
        Created = image.Created.LocalDateTime;
        Size = image.Size;
        Engine = engine;
    }

    /// <summary>One of its names, with the tag: <c>bitnami/postgresql:12.19.0</c>; null for an image that lost them.</summary>
    public string? Name { get; }

    /// <summary>What the engine calls it: the digest of its config, or of its manifest in engines that keep images as registries do.</summary>
    public string Id { get; }

    /// <summary>When it was made, in local time.</summary>
    public DateTime Created { get; }

    /// <summary>Its bytes, unpacked.</summary>
    public long Size { get; }

    /// <summary>The socket or pipe of the engine, as <c>DOCKER_HOST</c> writes it.</summary>
    public string Engine { get; }

    /// <summary>The name, else the ID, and that it is local.</summary>
    public override string ToString() => $"{Name ?? Id} (local)";
}
