using PSRegistry.Oci;

namespace PSRegistry.Storage.Drivers;

/// <summary>
/// Files under slash-separated paths, on a disk, in memory or in a bucket. Paths come from <see cref="StoragePaths"/> alone.
/// Every driver passes the same conformance suite. Faults of the medium are <see cref="StorageException"/>s.
/// </summary>
public interface IStorageDriver
{
    /// <summary>The driver's name in the configuration, for instance <c>filesystem</c>.</summary>
    string Name { get; }

    /// <summary>The whole of a small file; null when there is no such file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="maxLength">More bytes than this are a <see cref="StorageException"/>, not an allocation.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask<byte[]?> ReadAsync(string path, int maxLength, CancellationToken cancellationToken = default);

    /// <summary>A file opened for reading; null when there is no such file. It stays readable when it is deleted or replaced.</summary>
    ValueTask<IBlob?> OpenAsync(string path, CancellationToken cancellationToken = default);

    /// <summary>What is at the path; null when nothing is.</summary>
    ValueTask<StorageEntry?> GetEntryAsync(string path, CancellationToken cancellationToken = default);

    /// <summary>
    /// Writes a small file: the old content or the new is there, never a part, and when the call returns the new one survives
    /// a power cut. Missing folders are made.
    /// </summary>
    ValueTask WriteAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default);

    /// <summary>Opens a file to append to, making it and its folders where missing. One writer at a time.</summary>
    ValueTask<IStorageWriter> OpenWriterAsync(string path, CancellationToken cancellationToken = default);

    /// <summary>
    /// Moves a flushed file in one step, replacing what is at <paramref name="target"/>; survives a power cut when it returns.
    /// Missing folders are made.
    /// </summary>
    ValueTask MoveAsync(string source, string target, CancellationToken cancellationToken = default);

    /// <summary>
    /// Makes several changes; each is visible only after those before it, and all survive a power cut when the call returns.
    /// </summary>
    async ValueTask ApplyAsync(IReadOnlyList<StorageChange> changes, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(changes);
        foreach (var change in changes)
        {
            if (change.Content is { } content)
                await WriteAsync(change.Path, content, cancellationToken);
            else if (change.Source is { } source)
                await MoveAsync(source, change.Path, cancellationToken);
            else
                await DeleteAsync(change.Path, durable: false, cancellationToken);
        }
    }

    /// <summary>Deletes a file, or a folder with all that is in it; false when there was nothing.</summary>
    /// <param name="path">The file or folder.</param>
    /// <param name="durable">Whether the deletion must survive a power cut when the call returns.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask<bool> DeleteAsync(string path, bool durable = true, CancellationToken cancellationToken = default);

    /// <summary>What is directly inside a folder, in byte order of the names; nothing when there is no such folder.</summary>
    IAsyncEnumerable<StorageEntry> ListAsync(string path, CancellationToken cancellationToken = default);
}
