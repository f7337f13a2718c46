namespace PSRegistry.Oci;

/// <summary>The blobs of one repository.</summary>
public interface IBlobStore
{
    /// <summary>The blob, opened for reading; null when the repository does not hold it.</summary>
    ValueTask<IBlob?> OpenAsync(Digest digest, CancellationToken cancellationToken = default);

    /// <summary>The blob's length in bytes; null when the repository does not hold it.</summary>
    ValueTask<long?> GetSizeAsync(Digest digest, CancellationToken cancellationToken = default);

    /// <summary>Takes the blob out of the repository; false when it was not there. Durable when it returns.</summary>
    ValueTask<bool> DeleteAsync(Digest digest, CancellationToken cancellationToken = default);

    /// <summary>
    /// Makes a blob of the same registry known here without sending it; false when the source does not hold it.
    /// </summary>
    /// <param name="digest">The blob.</param>
    /// <param name="from">The repository that holds it; null for any.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask<bool> MountAsync(Digest digest, RepositoryName? from, CancellationToken cancellationToken = default);
}
