using PSRegistry.Storage.Drivers;

namespace PSRegistry.Saving;

/// <summary>A folder in the OCI layout, as a whole.</summary>
internal static class LayoutFolder
{
    private const string Mark = "oci-layout";

    /// <summary>What belongs to a layout; a folder with more in it is not ours to replace.</summary>
    private static readonly string[] Parts = [Mark, "index.json", "blobs"];

    /// <summary>Whether a folder is one.</summary>
    public static bool IsIn(string folder) => File.Exists(Path.Combine(folder, Mark));

    /// <summary>Puts a layout that was written aside into its place; an older one goes.</summary>
    /// <exception cref="IOException">Something else is there.</exception>
    public static void Replace(string aside, string folder)
    {
        if (!Directory.Exists(folder))
        {
            Directory.Move(aside, folder);
            return;
        }
        if (Directory.EnumerateFileSystemEntries(folder).Select(Path.GetFileName).Except(Parts).FirstOrDefault() is { } other)
            throw new IOException($"it holds '{other}', which is no part of a layout, and is not replaced");
        var old = $"{folder}.{Guid.NewGuid():N}.tmp";
        Directory.Move(folder, old);
        Directory.Move(aside, folder);
        DurableFile.FlushFolder(Path.GetDirectoryName(folder)!);
        Directory.Delete(old, recursive: true);
    }
}
