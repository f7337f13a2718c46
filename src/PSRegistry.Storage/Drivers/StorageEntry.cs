namespace PSRegistry.Storage.Drivers;

/// <summary>A file or folder.</summary>
/// <param name="Name">Its last path segment.</param>
/// <param name="IsFolder">Whether it holds others.</param>
/// <param name="Length">Bytes in the file; 0 for a folder.</param>
/// <param name="ModifiedAt">When it was last written to.</param>
public readonly record struct StorageEntry(string Name, bool IsFolder, long Length, DateTimeOffset ModifiedAt);
