using System.Text;
using PSRegistry.Storage.Drivers;

namespace PSRegistry.Storage;

/// <summary>Makes files that their owner alone may read, in a folder that is the owner's alone where it has to be made too.</summary>
public static class OwnerOnlyFile
{
    /// <summary>Makes the file, on disk when this returns; of several programs that do so at once, the first one's file holds.</summary>
    /// <returns>Whether it was made; false when there is one.</returns>
    /// <exception cref="IOException">The folder cannot be written to.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be written to.</exception>
    public static bool TryMake(string file, string text)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(text);
        MakeFolder(Path.GetDirectoryName(file)!);
        // Written aside and moved without replacing: nobody ever reads a part of it.
        var aside = WriteAside(file, text);
        try
        {
            var isFirst = DurableFile.TryRename(aside, file);
            DurableFile.FlushFolder(Path.GetDirectoryName(file)!);
            return isFirst;
        }
        finally
        {
            File.Delete(aside);
        }
    }

    /// <summary>Makes the file, on disk when this returns, in the place of one that is there.</summary>
    /// <exception cref="IOException">The folder cannot be written to.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be written to.</exception>
    public static void Replace(string file, string text)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(text);
        MakeFolder(Path.GetDirectoryName(file)!);
        DurableFile.PutInPlace(WriteAside(file, text), file);
    }

    /// <summary>Makes a folder for its owner alone, unless there is one, and those around it that are missing as any other; all are on disk when this returns.</summary>
    /// <exception cref="IOException">A folder cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">A folder cannot be made.</exception>
    public static void MakeFolder(string folder)
    {
        var missing = new Stack<string>();
        for (var around = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)); around is not null && !Directory.Exists(around); around = Path.GetDirectoryName(around))
            missing.Push(around);
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        // A name is safe when the folder that holds it was flushed.
        foreach (var made in missing)
            DurableFile.FlushFolder(Path.GetDirectoryName(made)!);
    }

    /// <summary>Opens a new file for its owner alone.</summary>
    /// <exception cref="IOException">There is one already.</exception>
    public static FileStream Create(string file)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(file, options);
    }

    private static string WriteAside(string file, string text)
    {
        var aside = $"{file}.{Guid.NewGuid():N}.tmp";
        using var stream = Create(aside);
        stream.Write(Encoding.UTF8.GetBytes(text));
        stream.Flush(flushToDisk: true);
        return aside;
    }
}
