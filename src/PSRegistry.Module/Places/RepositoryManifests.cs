using PSRegistry.Client;
using PSRegistry.Oci;

namespace PSRegistry.Places;

/// <summary>Manifests by tag: a registry answers in one request what elsewhere takes a look at the tag and one at the manifest.</summary>
internal static class RepositoryManifests
{
    /// <summary>The manifest that a tag names; null when there is no such tag.</summary>
    public static async ValueTask<StoredManifest?> GetManifestAsync(this IRepository repository, Tag tag, CancellationToken cancellationToken)
    {
        if (repository is RemoteRepository remote)
            return await remote.GetManifestAsync(tag, cancellationToken);
        return await repository.Tags.ResolveAsync(tag, cancellationToken) is { } digest ? await repository.Manifests.GetAsync(digest, cancellationToken) : null;
    }

    /// <summary>Type, digest and size of the manifest that a tag names; null when there is no such tag.</summary>
    public static async ValueTask<Descriptor?> DescribeAsync(this IRepository repository, Tag tag, CancellationToken cancellationToken) =>
        repository is RemoteRepository remote ? await remote.DescribeAsync(tag, cancellationToken) : Describe(await repository.GetManifestAsync(tag, cancellationToken));

    /// <summary>Type, digest and size of a manifest; null when it is not there.</summary>
    public static async ValueTask<Descriptor?> DescribeAsync(this IRepository repository, Digest digest, CancellationToken cancellationToken) =>
        repository is RemoteRepository remote ? await remote.DescribeAsync(digest, cancellationToken) : Describe(await repository.Manifests.GetAsync(digest, cancellationToken));

    private static Descriptor? Describe(StoredManifest? stored) => stored is null ? null : new Descriptor(stored.MediaType, stored.Digest, stored.Content.Length);
}
