using System.Formats.Tar;

namespace PSRegistry.Testing;

/// <summary>Files of the machine that runs the tests, as entries of a layer: content, names and sizes as the world has them.</summary>
public static class RealFiles
{
    private const UnixFileMode Readable =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private const UnixFileMode Executable =
        Readable | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private static readonly DateTimeOffset Written = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The root file system of a busybox image: Debian's static busybox, its names, its licence.</summary>
    public static IEnumerable<TarEntry> Busybox()
    {
        var busybox = Peer.Require("busybox");
        yield return Entry(TarEntryType.Directory, "bin/", mode: Executable);
        using (var program = File.OpenRead(busybox))
        {
            yield return Entry(TarEntryType.RegularFile, "bin/busybox", data: program, mode: Executable);
        }

        foreach (var name in new[] { "sh", "ls", "cat", "echo" })
        {
            yield return Entry(TarEntryType.SymbolicLink, $"bin/{name}", link: "busybox");
        }
    }

    /// <summary>
    /// Regular files of <paramref name="folder"/> and below, in the order of their names, until <paramref name="bytes"/> are reached:
    /// the same on every run on one machine.
    /// </summary>
    public static IEnumerable<TarEntry> Under(string folder, long bytes)
    {
        foreach (var file in Walk(new DirectoryInfo(folder)))
        {
            if (bytes <= 0)
            {
                yield break;
            }

            if (file.Length > bytes || Open(file) is not { } data)
            {
                continue;
            }

            bytes -= file.Length;
            using (data)
            {
                yield return Entry(TarEntryType.RegularFile, file.FullName.TrimStart('/'), data: data);
            }
        }
    }

    private static IEnumerable<FileInfo> Walk(DirectoryInfo folder)
    {
        var options = new EnumerationOptions { IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint };
        foreach (var entry in folder.EnumerateFileSystemInfos("*", options).OrderBy(entry => entry.Name, StringComparer.Ordinal))
        {
            var files = entry is DirectoryInfo below ? Walk(below) : [(FileInfo)entry];
            foreach (var file in files)
            {
                yield return file;
            }
        }
    }

    private static FileStream? Open(FileInfo file)
    {
        try
        {
            return file.OpenRead();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static PaxTarEntry Entry(
        TarEntryType type, string name, Stream? data = null, string? link = null, UnixFileMode mode = Readable)
    {
        var entry = new PaxTarEntry(type, name) { ModificationTime = Written, Mode = mode };
        if (link is not null)
        {
            entry.LinkName = link;
        }

        if (data is not null)
        {
            entry.DataStream = data;
        }

        return entry;
    }
}
