using PSRegistry.Oci;

namespace PSRegistry.Client;

/// <summary>The files inside an archive, by their paths with slashes. A folder is one, too.</summary>
internal interface IArchiveFiles : IAsyncDisposable
{
    /// <summary>The archive, for messages.</summary>
    string Name { get; }

    /// <summary>Whether it is read from front to back only, so that reading one file after the other, in their order, is much cheaper.</summary>
    bool IsSequential { get; }

    /// <summary>Where the file is among all, and how long; null when there is none.</summary>
    ArchiveEntry? Find(string path);

    /// <summary>Opens what <see cref="Find"/> found.</summary>
    ValueTask<IBlob> OpenAsync(ArchiveEntry entry, CancellationToken cancellationToken);
}

/// <summary>A file inside an archive.</summary>
/// <param name="Path">Its path.</param>
/// <param name="Offset">Where its bytes begin in the tar; 0 for a file of its own.</param>
/// <param name="Size">Its length.</param>
internal sealed record ArchiveEntry(string Path, long Offset, long Size)
{
    /// <summary>The bytes, where they were kept because coming back to them would be dear.</summary>
    public byte[]? Content { get; init; }
}
