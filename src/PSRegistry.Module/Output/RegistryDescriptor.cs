using System.Collections.Immutable;
using PSRegistry.Oci;

namespace PSRegistry.Output;

/// <summary>A pointer from a manifest to content: a config, a layer or another manifest.</summary>
public sealed class RegistryDescriptor
{
    internal RegistryDescriptor(Descriptor descriptor)
    {
        MediaType = descriptor.MediaType;
        Digest = descriptor.Digest.ToString();
        Size = descriptor.Size;
        Platform = descriptor.Platform?.ToString();
        ArtifactType = descriptor.ArtifactType;
        Annotations = descriptor.Annotations;
    }

    /// <summary>The type of the content.</summary>
    public string MediaType { get; }

    /// <summary>Its address.</summary>
    public string Digest { get; }

    /// <summary>Its length in bytes.</summary>
    public long Size { get; }

    /// <summary>What it runs on, where it is an image of an index: <c>linux/amd64</c>.</summary>
    public string? Platform { get; }

    /// <summary>The kind of artifact, where it is one.</summary>
    public string? ArtifactType { get; }

    /// <summary>Free key-value pairs.</summary>
    public ImmutableDictionary<string, string> Annotations { get; }

    /// <summary>The digest.</summary>
    public override string ToString() => Digest;
}
