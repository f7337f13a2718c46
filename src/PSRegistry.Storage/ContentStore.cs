using PSRegistry.Oci;
using PSRegistry.Storage.Drivers;

namespace PSRegistry.Storage;

/// <summary>The bytes of all repositories, each kept once under its digest. Who may see them is decided by links.</summary>
internal sealed class ContentStore(IStorageDriver driver, ManifestCache manifests)
{
    /// <summary>The open content; null when it is not there, or when a crash left an empty file in its place.</summary>
    public async ValueTask<IBlob?> OpenAsync(Digest digest, CancellationToken cancellationToken)
    {
        var blob = await driver.OpenAsync(StoragePaths.BlobData(digest), cancellationToken);
        if (blob is null || IsPlausible(digest, blob.Size))
            return blob;
        await blob.DisposeAsync();
        return null;
    }

    /// <summary>The length in bytes; null under the same conditions as <see cref="OpenAsync"/>.</summary>
    public async ValueTask<long?> GetSizeAsync(Digest digest, CancellationToken cancellationToken)
    {
        var entry = await driver.GetEntryAsync(StoragePaths.BlobData(digest), cancellationToken);
        return entry is { IsFolder: false, Length: var length } && IsPlausible(digest, length) ? length : null;
    }

    /// <summary>
    /// A manifest; null when its bytes are missing or are not what the digest says: a client that is told so pushes it again,
    /// which mends it.
    /// </summary>
    public async ValueTask<StoredManifest?> ReadManifestAsync(Digest digest, CancellationToken cancellationToken)
    {
        if (manifests.Find(digest) is { } known)
            return known;
        var content = await driver.ReadAsync(StoragePaths.BlobData(digest), Manifest.MaxSize, cancellationToken);
        if (content is null || digest.Algorithm.Compute(content) != digest)
            return null;
        var manifest = new StoredManifest(digest, ManifestType.Sniff(content), content);
        manifests.Add(manifest);
        return manifest;
    }

    /// <summary>The change that stores small content, whether it is there or not: writing it again mends a damaged file.</summary>
    public static StorageChange Store(ReadOnlyMemory<byte> content, Digest digest) => StorageChange.Write(StoragePaths.BlobData(digest), content);

    /// <summary>A manifest was stored.</summary>
    public void Remember(Manifest manifest, Digest digest) => manifests.Add(new StoredManifest(digest, manifest.MediaType, manifest.Content));

    /// <summary>The change that takes over a file whose content was verified, replacing what is there.</summary>
    public static StorageChange Adopt(string file, Digest digest) => StorageChange.Move(file, StoragePaths.BlobData(digest));

    private static bool IsPlausible(Digest digest, long length) => length > 0 || digest == EmptyOf(digest.Algorithm);

    private static Digest EmptyOf(DigestAlgorithm algorithm) =>
        algorithm == DigestAlgorithm.Sha256 ? EmptySha256 : algorithm.Compute(ReadOnlyMemory<byte>.Empty);

    private static readonly Digest EmptySha256 = Digest.OfContent(ReadOnlyMemory<byte>.Empty);
}
