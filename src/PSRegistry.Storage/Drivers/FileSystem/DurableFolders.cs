using System.Collections.Concurrent;

namespace PSRegistry.Storage.Drivers;

/// <summary>
/// Makes folders whose names survive a power cut: a name is safe when the folder that holds it was flushed, so that every
/// folder on the way down from the root is either known to be safe or flushed now.
/// </summary>
internal sealed class DurableFolders(string root)
{
    /// <summary>Forgetting costs a flush, remembering costs memory: about 20 MB at this bound.</summary>
    private const int RememberAtMost = 100_000;

    private readonly ConcurrentDictionary<string, byte> _safe = new(StringComparer.Ordinal);

    /// <summary>
    /// Runs <paramref name="change"/>, which puts <paramref name="file"/> into place, and flushes the folder around it. Folders
    /// that are missing are made, again when someone removes an empty one in between.
    /// </summary>
    public void InParentOf(string file, Action change)
    {
        var folder = Path.GetDirectoryName(file)!;
        for (var attempt = 1; ; attempt++)
        {
            Make(folder);
            try
            {
                change();
                DurableFile.FlushFolder(folder);
                return;
            }
            catch (DirectoryNotFoundException) when (attempt < 5)
            {
                Forget(folder);
            }
        }
    }

    /// <summary>A file or folder was deleted: forget it and what was inside, and flush the folder around it when asked to.</summary>
    public void Deleted(string path, bool durable)
    {
        Forget(path);
        if (!durable)
            return;
        try
        {
            DurableFile.FlushFolder(Path.GetDirectoryName(path)!);
        }
        catch (DirectoryNotFoundException)
        {
            // The folder around it is gone as well, and with it the name.
        }
    }

    private void Make(string folder)
    {
        if (folder.Length <= root.Length)
            return;
        if (_safe.ContainsKey(folder) && Directory.Exists(folder))
            return;
        var parent = Path.GetDirectoryName(folder)!;
        Make(parent);
        Directory.CreateDirectory(folder);
        DurableFile.FlushFolder(parent);
        if (_safe.Count >= RememberAtMost)
            _safe.Clear();
        _safe[folder] = 0;
    }

    private void Forget(string path)
    {
        // A folder is only ever remembered after the one around it, so what is unknown has nothing known inside.
        if (!_safe.TryRemove(path, out _))
            return;
        var inside = path + Path.DirectorySeparatorChar;
        foreach (var (folder, _) in _safe)
        {
            if (folder.StartsWith(inside, StringComparison.Ordinal))
                _safe.TryRemove(folder, out _);
        }
    }
}
