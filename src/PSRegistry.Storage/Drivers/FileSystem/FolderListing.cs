using System.IO.Enumeration;

namespace PSRegistry.Storage.Drivers;

/// <summary>Reads a folder in byte order.</summary>
internal static class FolderListing
{
    private static readonly EnumerationOptions Everything = new()
    {
        AttributesToSkip = 0,
        IgnoreInaccessible = false,
        RecurseSubdirectories = false,
        ReturnSpecialDirectories = false,
    };

    public static StorageEntry[] Read(string folder)
    {
        if (!Directory.Exists(folder))
            return [];
        try
        {
            StorageEntry[] entries = [.. new FileSystemEnumerable<StorageEntry>(folder, ToEntry, Everything)];
            Array.Sort(entries, (left, right) => string.CompareOrdinal(left.Name, right.Name));
            return entries;
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
    }

    /// <summary>Length and time of a folder are left out: asking for them would cost a system call for each tag and repository.</summary>
    private static StorageEntry ToEntry(ref FileSystemEntry entry) => entry.IsDirectory
        ? new StorageEntry(entry.FileName.ToString(), true, 0, default)
        : new StorageEntry(entry.FileName.ToString(), false, entry.Length, entry.LastWriteTimeUtc);
}
