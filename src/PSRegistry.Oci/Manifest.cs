using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace PSRegistry.Oci;

/// <summary>
/// A manifest, parsed once: an image or artifact (a config and layers) or an index (a list of manifests).
/// The bytes are kept as they came, because the digest is theirs.
/// </summary>
/// <param name="MediaType">Its type: what it says of itself, else what it was declared as, else what its shape tells.</param>
/// <param name="Content">The bytes, unchanged.</param>
public sealed record Manifest(string MediaType, ReadOnlyMemory<byte> Content)
{
    /// <summary>The largest manifest accepted, 4 MiB (OCI distribution spec, "Pushing manifests").</summary>
    public const int MaxSize = 4 * 1024 * 1024;

    /// <summary>The image configuration or artifact's config; null for an index.</summary>
    public Descriptor? Config { get; init; }

    /// <summary>The layers of an image, or the blobs of an artifact.</summary>
    public ImmutableArray<Descriptor> Layers { get; init; } = [];

    /// <summary>The manifests that an index lists. Build caches list plain blobs here, too.</summary>
    public ImmutableArray<Descriptor> Manifests { get; init; } = [];

    /// <summary>The manifest that this one refers to, present or not (OCI image spec 1.1, "subject").</summary>
    public Descriptor? Subject { get; init; }

    /// <summary>The <c>artifactType</c> written in the manifest; see <see cref="EffectiveArtifactType"/>.</summary>
    public string? ArtifactType { get; init; }

    /// <summary>Free key-value pairs.</summary>
    public ImmutableDictionary<string, string> Annotations { get; init; } = Descriptor.NoAnnotations;

    /// <summary>Whether it lists manifests rather than layers.</summary>
    public bool IsIndex => MediaTypes.IsIndex(MediaType);

    /// <summary>
    /// The artifact type that a list of referrers shows: the one written, else the config's media type
    /// (OCI distribution spec, "Listing referrers"); null for an index that has none.
    /// </summary>
    public string? EffectiveArtifactType => string.IsNullOrEmpty(ArtifactType) ? Config?.MediaType : ArtifactType;

    /// <summary>Parses and checks a manifest that a client wants stored.</summary>
    /// <param name="content">The bytes as sent.</param>
    /// <param name="declaredMediaType">The request's Content-Type without parameters, or null.</param>
    /// <param name="manifest">The manifest, when it is one.</param>
    /// <param name="fault">What is wrong with it, in words, when it is not.</param>
    public static bool TryParse(
        ReadOnlyMemory<byte> content,
        string? declaredMediaType,
        [NotNullWhen(true)] out Manifest? manifest,
        [NotNullWhen(false)] out string? fault)
    {
        try
        {
            manifest = ManifestParser.Parse(content, declaredMediaType);
            fault = null;
            return true;
        }
        catch (ManifestFormatException unusable)
        {
            manifest = null;
            fault = unusable.Message;
            return false;
        }
        catch (InvalidOperationException)
        {
            // The JSON reader's word for a string that is no Unicode, thrown when the string is asked for and no sooner.
            manifest = null;
            fault = "it holds text that is not valid UTF-8 or UTF-16.";
            return false;
        }
    }
}
