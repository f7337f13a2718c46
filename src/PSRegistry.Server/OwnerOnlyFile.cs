using System.Text;

namespace PSRegistry.Server;

/// <summary>Makes files that their owner alone may read, in a folder that is the owner's alone where it has to be made too.</summary>
internal static class OwnerOnlyFile
{
    /// <summary>Makes the file, on disk when this returns; of several servers that start at once, the first one's file holds.</summary>
    /// <returns>Whether it was made; false when there is one.</returns>
    /// <exception cref="IOException">The folder cannot be written to.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be written to.</exception>
    public static bool TryMake(string file, string text)
    {
        MakeFolder(Path.GetDirectoryName(file)!);
        // Written aside and moved without replacing: nobody ever reads a part of it.
        var aside = $"{file}.{Guid.NewGuid():N}.tmp";
        try
        {
            Write(aside, text);
            File.Move(aside, file, overwrite: false);
            return true;
        }
        catch (IOException) when (File.Exists(file))
        {
            return false;
        }
        finally
        {
            File.Delete(aside);
        }
    }

    private static void MakeFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static void Write(string file, string text)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var stream = new FileStream(file, options);
        stream.Write(Encoding.UTF8.GetBytes(text));
        stream.Flush(flushToDisk: true);
    }
}
