using PSRegistry.Storage.Drivers;

namespace PSRegistry.Saving;

/// <summary>A folder in the OCI layout, as a whole.</summary>
internal static class SavedLayout
{
    private const string Mark = "oci-layout";

    /// <summary>What belongs to a layout; a folder with more in it is not ours to replace.</summary>
    private static readonly string[] Parts = [Mark, "index.json", "blobs"];

    /// <summary>Whether a folder is one.</summary>
    public static bool IsIn(string folder) => File.Exists(Path.Combine(folder, Mark));

    /// <summary>Puts a layout that was written aside into its place.</summary>
    /// <param name="aside">Where it was written.</param>
    /// <param name="folder">Its place.</param>
    /// <param name="overwrite">Whether an older layout that is there goes.</param>
    /// <exception cref="IOException">Something is there that may not go; it stays.</exception>
    public static void Put(string aside, string folder, bool overwrite)
    {
        if (!overwrite || !Directory.Exists(folder))
        {
            Directory.Move(aside, folder);
            return;
        }
        if (Directory.EnumerateFileSystemEntries(folder).Select(Path.GetFileName).Except(Parts).FirstOrDefault() is { } other)
            throw new IOException($"it holds '{other}', which is no part of a layout, and is not replaced");
        var old = $"{folder}.{Guid.NewGuid():N}.tmp";
        Directory.Move(folder, old);
        try
        {
            Directory.Move(aside, folder);
        }
        catch
        {
            Directory.Move(old, folder);
            throw;
        }
        DurableFile.FlushFolder(Path.GetDirectoryName(folder)!);
        Remove(old);
    }

    /// <summary>What is left of an old layout, because something holds a file of it open, harms nobody: the new one is in its place.</summary>
    private static void Remove(string old)
    {
        try
        {
            Directory.Delete(old, recursive: true);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // Its name ends in .tmp, and says what it is.
        }
    }
}
