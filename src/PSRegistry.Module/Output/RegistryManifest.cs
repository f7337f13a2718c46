using System.Collections.Immutable;
using System.Text;
using PSRegistry.Commands;
using PSRegistry.Oci;

namespace PSRegistry.Output;

/// <summary>A manifest: of an image or artifact (a config and layers), or an index (a list of manifests).</summary>
public sealed class RegistryManifest
{
    private readonly byte[] _content;

    internal RegistryManifest(ImageTarget target, StoredManifest stored, Manifest manifest)
    {
        _content = stored.Content.ToArray();
        Registry = target.Registry;
        Repository = target.Repository.Name.ToString();
        Tag = target.Tag?.ToString();
        Digest = stored.Digest.ToString();
        MediaType = stored.MediaType;
        ArtifactType = manifest.EffectiveArtifactType;
        Subject = manifest.Subject?.Digest.ToString();
        Config = manifest.Config is { } config ? new RegistryDescriptor(config) : null;
        Layers = [.. manifest.Layers.Select(layer => new RegistryDescriptor(layer))];
        Manifests = [.. manifest.Manifests.Select(child => new RegistryDescriptor(child))];
        Annotations = manifest.Annotations;
    }

    /// <summary>The registry: <c>host</c>, <c>host:port</c>, or a URL where nothing shorter names it.</summary>
    public string Registry { get; }

    /// <summary>The repository.</summary>
    public string Repository { get; }

    /// <summary>The tag that it was asked by; null when it was asked by digest.</summary>
    public string? Tag { get; }

    /// <summary>Its digest, computed from its bytes.</summary>
    public string Digest { get; }

    /// <summary>Its type.</summary>
    public string MediaType { get; }

    /// <summary>The kind of artifact; for images the type of their config.</summary>
    public string? ArtifactType { get; }

    /// <summary>The digest of the manifest that this one refers to; null for none.</summary>
    public string? Subject { get; }

    /// <summary>The config; null for an index.</summary>
    public RegistryDescriptor? Config { get; }

    /// <summary>The layers; empty for an index.</summary>
    public IReadOnlyList<RegistryDescriptor> Layers { get; }

    /// <summary>The manifests of an index; empty for others.</summary>
    public IReadOnlyList<RegistryDescriptor> Manifests { get; }

    /// <summary>Free key-value pairs.</summary>
    public ImmutableDictionary<string, string> Annotations { get; }

    /// <summary>Its length in bytes.</summary>
    public int Size => _content.Length;

    /// <summary>The bytes as the registry keeps them, the ones that the digest is of.</summary>
    public byte[] GetBytes() => [.. _content];

    /// <summary>The bytes as text.</summary>
    public string GetText() => Encoding.UTF8.GetString(_content);

    /// <summary>The name as docker takes it, by digest.</summary>
    public override string ToString() => $"{ImageName.Authority(Registry)}/{Repository}@{Digest}";
}
