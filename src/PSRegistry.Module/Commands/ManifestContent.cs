using PSRegistry.Errors;
using PSRegistry.Oci;

namespace PSRegistry.Commands;

/// <summary>Reads manifests that registries keep: they were accepted once, and may still be of a kind that is not read here.</summary>
internal static class ManifestContent
{
    /// <exception cref="UnreadableContentException">It is of another kind.</exception>
    public static Manifest Parse(StoredManifest stored, object target) => Manifest.TryParse(stored.Content, stored.MediaType, out var manifest, out var fault)
        ? manifest
        : throw new UnreadableContentException($"The manifest of {target} ({stored.MediaType}) cannot be read: {fault}");
}
