using System.Collections.Immutable;

namespace PSRegistry.Oci;

/// <summary>The manifests of one repository.</summary>
public interface IManifestStore
{
    /// <summary>The manifest; null when the repository does not hold it.</summary>
    ValueTask<StoredManifest?> GetAsync(Digest digest, CancellationToken cancellationToken = default);

    /// <summary>
    /// Stores a manifest and points tags at it, in this order, so that no tag ever names what is not there.
    /// Durable when it returns.
    /// </summary>
    /// <param name="manifest">The manifest, parsed.</param>
    /// <param name="digest">Its digest, already verified against its bytes.</param>
    /// <param name="tags">The tags to move; may be empty.</param>
    /// <param name="cancellationToken">Gives up before anything is visible.</param>
    /// <returns>Why it was refused, one error for each piece of content that is missing; empty when it is stored.</returns>
    ValueTask<ImmutableArray<RegistryError>> PutAsync(
        Manifest manifest, Digest digest, IReadOnlyList<Tag> tags, CancellationToken cancellationToken = default);

    /// <summary>Removes the manifest and every tag that names it; false when it was not there. Durable when it returns.</summary>
    ValueTask<bool> DeleteAsync(Digest digest, CancellationToken cancellationToken = default);

    /// <summary>The digests of all manifests, tagged or not, in no particular order.</summary>
    IAsyncEnumerable<Digest> ListAsync(CancellationToken cancellationToken = default);
}
