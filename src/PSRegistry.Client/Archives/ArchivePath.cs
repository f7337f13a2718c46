namespace PSRegistry.Client;

/// <summary>Paths inside an archive: relative, with slashes, never climbing out.</summary>
internal static class ArchivePath
{
    /// <summary>The path without <c>./</c> and double slashes; null when it is absolute or climbs.</summary>
    public static string? Normalize(string path)
    {
        if (path.Length == 0 || path[0] == '/' || path.AsSpan().ContainsAny('\\', '\0'))
            return null;
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(part => part != ".").ToList();
        return parts.Contains("..") ? null : string.Join('/', parts);
    }

    /// <summary>Where a link in the folder of <paramref name="path"/> leads; null when that is out of the archive.</summary>
    public static string? Follow(string path, string target)
    {
        if (target.Length == 0 || target[0] == '/')
            return null;
        var parts = path.Split('/')[..^1].ToList();
        foreach (var part in target.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == "..")
            {
                if (parts.Count == 0)
                    return null;
                parts.RemoveAt(parts.Count - 1);
            }
            else if (part != ".")
            {
                parts.Add(part);
            }
        }
        return Normalize(string.Join('/', parts));
    }
}
