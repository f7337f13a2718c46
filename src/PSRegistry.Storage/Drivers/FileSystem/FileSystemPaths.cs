namespace PSRegistry.Storage.Drivers;

/// <summary>
/// Storage paths as paths of the operating system. On Windows the <c>\\?\</c> form is used, in which repositories may be named
/// <c>con</c> or <c>aux</c>, tags may end in a dot, and 260 characters are no limit. Where the file system ignores letter case,
/// <c>latest</c> and <c>Latest</c> would be one tag: there the spelling on the disk is compared, and a second one refused.
/// </summary>
internal sealed class FileSystemPaths
{
    private readonly string _prefix;

    public FileSystemPaths(string rootDirectory)
        : this(rootDirectory, ignoresCase: OperatingSystem.IsWindows() || OperatingSystem.IsMacOS())
    {
    }

    internal FileSystemPaths(string rootDirectory, bool ignoresCase)
    {
        Root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(rootDirectory));
        if (OperatingSystem.IsWindows() && !Root.StartsWith(@"\\", StringComparison.Ordinal))
            Root = @"\\?\" + Root;
        _prefix = Root.EndsWith(Path.DirectorySeparatorChar) ? Root : Root + Path.DirectorySeparatorChar;
        IgnoresCase = ignoresCase;
    }

    public string Root { get; }

    /// <summary>Whether <c>latest</c> and <c>Latest</c> are one file.</summary>
    public bool IgnoresCase { get; }

    /// <exception cref="ArgumentException">The path is empty or has an empty, climbing or current-folder segment.</exception>
    public string ToFull(string path)
    {
        if (IsUnsafe(path))
            throw new ArgumentException($"'{path}' is not a path inside the data folder.", nameof(path));
        return _prefix + (Path.DirectorySeparatorChar == '/' ? path : path.Replace('/', Path.DirectorySeparatorChar));
    }

    /// <summary>Whether what is at <paramref name="full"/> has exactly this spelling in the folders below the root.</summary>
    public bool IsSpelledSo(string full) => !IgnoresCase || OtherSpelling(full) is null;

    /// <exception cref="IOException">Something is there under another spelling.</exception>
    public void RefuseOtherSpelling(string full)
    {
        if (IgnoresCase && OtherSpelling(full) is { } existing)
        {
            throw new IOException(
                $"'{full}' would overwrite '{existing}': this file system ignores letter case. " +
                "Use another name, or keep the data folder on a file system (or in a folder) where case counts.");
        }
    }

    /// <summary>The first folder or file on the way down that the disk spells otherwise; null when there is none.</summary>
    internal string? OtherSpelling(string full)
    {
        for (var path = full; path.Length > Root.Length; path = Path.GetDirectoryName(path)!)
        {
            var folder = Path.GetDirectoryName(path)!;
            if (!Directory.Exists(folder))
                continue;
            var name = Path.GetFileName(path);
            string? other = null;
            foreach (var entry in Directory.EnumerateFileSystemEntries(folder))
            {
                var found = Path.GetFileName(entry);
                if (found == name)
                {
                    other = null;
                    break;
                }
                if (string.Equals(found, name, StringComparison.OrdinalIgnoreCase))
                    other = entry;
            }
            if (other is not null)
                return other;
        }
        return null;
    }

    private static bool IsUnsafe(string path)
    {
        foreach (var range in path.AsSpan().Split('/'))
        {
            if (path.AsSpan(range) is "" or "." or ".." || path.AsSpan(range).Contains('\\'))
                return true;
        }
        return false;
    }
}
