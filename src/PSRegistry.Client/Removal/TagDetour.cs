using System.IO.Pipelines;
using System.Text;
using PSRegistry.Oci;

namespace PSRegistry.Client;

/// <summary>
/// Removes a tag where the registry removes manifests alone: the tag is moved to a manifest that nobody else has, and that is removed, the
/// tag with it.
/// </summary>
public static class TagDetour
{
    /// <summary>Removes the tag; false when there is none.</summary>
    /// <exception cref="RegistryRequestException">Deletion is switched off; the tag is as it was.</exception>
    public static async Task<bool> RemoveAsync(RemoteRepository repository, Tag tag, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(repository);
        ArgumentNullException.ThrowIfNull(tag);
        if (await repository.Tags.ResolveAsync(tag, cancellationToken) is null)
            return false;
        var config = Encoding.UTF8.GetBytes($$"""{"removes":"{{Guid.NewGuid()}}"}""");
        var configDigest = Digest.OfContent(config);
        // Asked before the tag moves: of what is not there, a registry that allows deletion says so, and another refuses.
        await repository.Manifests.DeleteAsync(configDigest, cancellationToken);

        await using (var upload = await repository.Uploads.StartAsync(configDigest.Algorithm, cancellationToken))
        {
            await upload.AppendAsync(PipeReader.Create(new MemoryStream(config)), cancellationToken);
            await upload.CommitAsync(configDigest, cancellationToken);
        }
        var content = Encoding.UTF8.GetBytes(
            $$"""{"schemaVersion":2,"mediaType":"{{MediaTypes.OciManifest}}","config":{"mediaType":"{{MediaTypes.OciConfig}}","digest":"{{configDigest}}","size":{{config.Length}}},"layers":[]}""");
        if (!Manifest.TryParse(content, MediaTypes.OciManifest, out var manifest, out var fault))
            throw new InvalidOperationException(fault);
        var digest = Digest.OfContent(content);
        if (await repository.Manifests.PutAsync(manifest, digest, [tag], cancellationToken) is { IsEmpty: false } refused)
            throw new InvalidOperationException($"{repository} does not take a manifest of no layers: {string.Join("; ", refused)}");
        // From here the tag names nothing of use: this is not given up half-way.
        return await repository.Manifests.DeleteAsync(digest, CancellationToken.None);
    }
}
