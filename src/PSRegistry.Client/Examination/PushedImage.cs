using System.Text;
using PSRegistry.Oci;

namespace PSRegistry.Client;

/// <summary>An image that is pulled for an examination.</summary>
/// <param name="Repository">Where it is.</param>
/// <param name="Tags">Its tags.</param>
/// <param name="Manifest">The digest of its manifest.</param>
/// <param name="Blob">The smallest, or only, layer of it; null for none.</param>
/// <param name="BlobSize">The length of that.</param>
internal sealed record PushedImage(RepositoryName Repository, IReadOnlyList<Tag> Tags, Digest Manifest, Digest? Blob, long BlobSize)
{
    public static string Accept { get; } = string.Join(", ", MediaTypes.OciManifest, MediaTypes.OciIndex, MediaTypes.DockerManifest, MediaTypes.DockerManifestList);

    /// <summary>
    /// The content of the blob: the same at every run, so that a registry keeps it once at most; and random enough for nothing to shrink it.
    /// </summary>
    public static byte[] Content(int length)
    {
        var content = new byte[length];
        var state = 0x9E3779B97F4A7C15;
        for (var i = 0; i < length; i++)
        {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            content[i] = (byte)state;
        }
        return content;
    }

    /// <summary>A manifest whose configuration and only layer are the blob.</summary>
    public static byte[] ManifestOf(Digest blob, long size) => Encoding.UTF8.GetBytes(FormattableString.Invariant(
        $$"""{"schemaVersion":2,"mediaType":"{{MediaTypes.OciManifest}}","artifactType":"application/vnd.psregistry.examination","config":{"mediaType":"application/octet-stream","digest":"{{blob}}","size":{{size}}},"layers":[{"mediaType":"application/octet-stream","digest":"{{blob}}","size":{{size}}}]}"""));
}
