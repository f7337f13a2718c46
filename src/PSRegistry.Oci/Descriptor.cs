using System.Collections.Immutable;

namespace PSRegistry.Oci;

/// <summary>A typed, sized pointer to content (OCI image spec, descriptor).</summary>
/// <param name="MediaType">The type of the content pointed to.</param>
/// <param name="Digest">Its address.</param>
/// <param name="Size">Its length in bytes.</param>
public sealed record Descriptor(string MediaType, Digest Digest, long Size)
{
    /// <summary>The kind of artifact, where the content is one; null where there is none.</summary>
    public string? ArtifactType { get; init; }

    /// <summary>What the image runs on, where the content is an image in a list.</summary>
    public Platform? Platform { get; init; }

    /// <summary>Where else the content can be had; empty for content that lives in the registry alone.</summary>
    public ImmutableArray<string> Urls { get; init; } = [];

    /// <summary>Free key-value pairs.</summary>
    public ImmutableDictionary<string, string> Annotations { get; init; } = NoAnnotations;

    /// <summary>No annotations at all, one shared instance.</summary>
    public static ImmutableDictionary<string, string> NoAnnotations { get; } = ImmutableDictionary.Create<string, string>(StringComparer.Ordinal);
}
