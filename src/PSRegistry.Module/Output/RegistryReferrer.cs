using System.Collections.Immutable;
using PSRegistry.Commands;
using PSRegistry.Oci;

namespace PSRegistry.Output;

/// <summary>A manifest that refers to another: a signature, an attestation, a bill of materials.</summary>
public sealed class RegistryReferrer
{
    internal RegistryReferrer(ImageTarget target, Digest subject, Descriptor referrer, int depth)
    {
        Registry = target.Registry;
        Repository = target.Repository.Name.ToString();
        Subject = subject.ToString();
        Digest = referrer.Digest.ToString();
        MediaType = referrer.MediaType;
        ArtifactType = referrer.ArtifactType;
        Size = referrer.Size;
        Annotations = referrer.Annotations;
        Depth = depth;
    }

    /// <summary>The registry: <c>host</c>, <c>host:port</c>, or a URL where nothing shorter names it.</summary>
    public string Registry { get; }

    /// <summary>The repository.</summary>
    public string Repository { get; }

    /// <summary>The digest of the manifest that it refers to.</summary>
    public string Subject { get; }

    /// <summary>Its own digest.</summary>
    public string Digest { get; }

    /// <summary>The kind of artifact; null where it does not say.</summary>
    public string? ArtifactType { get; }

    /// <summary>The type of its manifest.</summary>
    public string MediaType { get; }

    /// <summary>The length of its manifest in bytes.</summary>
    public long Size { get; }

    /// <summary>Free key-value pairs.</summary>
    public ImmutableDictionary<string, string> Annotations { get; }

    /// <summary>1 for what refers to the image itself, 2 for what refers to that, and so on.</summary>
    public int Depth { get; }

    /// <summary>The name as docker takes it, by digest.</summary>
    public override string ToString() => $"{ImageName.Authority(Registry)}/{Repository}@{Digest}";
}
