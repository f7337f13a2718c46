using PSRegistry.Client;

namespace PSRegistry.Output;

/// <summary>An image that was published. Binds by property name to every cmdlet that takes an image.</summary>
public sealed class RegistryPublishedImage
{
    internal RegistryPublishedImage(string registry, string repository, string? tag, CopiedImage copied, long sent)
    {
        Registry = registry;
        Repository = repository;
        Tag = tag;
        Digest = copied.Manifest.Digest.ToString();
        MediaType = copied.Manifest.MediaType;
        Platforms = [.. copied.Platforms.Select(platform => platform.ToString())];
        Size = copied.Size;
        Sent = sent;
    }

    /// <summary>The registry: <c>host</c>, <c>host:port</c>, or a URL where nothing shorter names it.</summary>
    public string Registry { get; }

    /// <summary>The repository.</summary>
    public string Repository { get; }

    /// <summary>The tag; null when it was copied by digest alone.</summary>
    public string? Tag { get; }

    /// <summary>The digest of its manifest, of an index where it has several platforms.</summary>
    public string Digest { get; }

    /// <summary>The type of the manifest.</summary>
    public string MediaType { get; }

    /// <summary>What it runs on: <c>linux/amd64</c>; empty for what is no image to run.</summary>
    public IReadOnlyList<string> Platforms { get; }

    /// <summary>Its configs and layers as the registry has them, in bytes.</summary>
    public long Size { get; }

    /// <summary>How many bytes had to be sent, the others being there; counted at the first of its tags.</summary>
    public long Sent { get; }

    /// <summary>The name as docker takes it: <c>localhost:5000/bitnami/postgresql:12.19.0</c>.</summary>
    public override string ToString() => $"{ImageName.Authority(Registry)}/{Repository}{(Tag is null ? "@" + Digest : ":" + Tag)}";
}
