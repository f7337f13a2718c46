using PSRegistry.Storage.Drivers;

namespace PSRegistry.Storage;

/// <summary>
/// A file of lines that grows at its end, for its owner alone. On Unix several programs may append to one: the system finds the end for each
/// write. On Windows .NET finds it before the write, so that one program may.
/// </summary>
public static class AppendedFile
{
    /// <summary>Somebody who rotates the file takes it away at the very moment, but not again and again.</summary>
    private const int Attempts = 3;

    /// <summary>What a pipe or device says.</summary>
    private const int CannotBeFlushed = 22;

    /// <summary>Appends lines; they, and the file's name, are on disk when this returns. A file that is not there is made.</summary>
    /// <param name="file">The file.</param>
    /// <param name="lines">Whole lines; none to see whether the file can be written.</param>
    /// <param name="mayBeTorn">Whether a write before this one may have left a part of a line; these begin on a new one then.</param>
    /// <exception cref="IOException">The file cannot be written; a part of the lines may be in it.</exception>
    /// <exception cref="UnauthorizedAccessException">The file cannot be written.</exception>
    public static void Append(string file, ReadOnlySpan<byte> lines, bool mayBeTorn)
    {
        ArgumentNullException.ThrowIfNull(file);
        var folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                if (!File.Exists(file))
                    Make(file, folder);
                Write(file, mayBeTorn && !lines.IsEmpty && EndsWithinLine(file) ? [(byte)'\n', .. lines] : lines);
                return;
            }
            catch (Exception moved) when (attempt < Attempts && moved is FileNotFoundException or DirectoryNotFoundException && Directory.Exists(folder))
            {
            }
        }
    }

    private static void Make(string file, string folder)
    {
        Open(file, FileMode.OpenOrCreate).Dispose();
        try
        {
            DurableFile.FlushFolder(folder);
        }
        catch (UnauthorizedAccessException)
        {
            // Who may make files in a folder and not read it cannot flush it either.
        }
    }

    private static bool EndsWithinLine(string file)
    {
        // A pipe or device has no end to look at.
        if (new FileInfo(file).Length == 0)
            return false;
        try
        {
            using var handle = File.OpenHandle(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            Span<byte> last = [(byte)'\n'];
            _ = RandomAccess.Read(handle, last, Math.Max(0, RandomAccess.GetLength(handle) - 1));
            return last[0] != '\n';
        }
        catch (UnauthorizedAccessException)
        {
            // Whoever may write but not read gets an empty line rather than two in one.
            return true;
        }
    }

    private static void Write(string file, ReadOnlySpan<byte> lines)
    {
        if (OperatingSystem.IsWindows())
        {
            using var stream = Open(file, FileMode.Append);
            stream.Write(lines);
            stream.Flush(flushToDisk: true);
            return;
        }
        var descriptor = LinuxCalls.Open(file, OperatingSystem.IsMacOS() ? Mac.Append : LinuxCalls.WriteOnly | LinuxCalls.Append | LinuxCalls.CloseOnExec);
        if (descriptor < 0)
            throw DurableFile.Fault(file, LinuxCalls.LastError);
        try
        {
            if (LinuxCalls.Write(descriptor, lines) is var notWritten and not 0)
                throw DurableFile.Fault(file, notWritten);
            if (!lines.IsEmpty && LinuxCalls.Flush(descriptor) is var notFlushed and not (0 or CannotBeFlushed))
                throw DurableFile.Fault(file, notFlushed);
        }
        finally
        {
            LinuxCalls.Close(descriptor);
        }
    }

    private static FileStream Open(string file, FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(file, options);
    }

    /// <summary>The calls are those of Linux, their flags are not.</summary>
    private static class Mac
    {
        private const int WriteOnly = 1, AtEnd = 8, CloseOnExec = 0x1000000;

        public const int Append = WriteOnly | AtEnd | CloseOnExec;
    }
}
