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

    /// <summary>Each one is lost only when another process took the folder away in that very moment.</summary>
    private const int Attempts = 100;

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
            try
            {
                // All folders first and the flushes last: whoever deletes them has the shortest time to come in between.
                var made = new List<string>();
                Make(folder, made);
                change();
                Flush(folder, made);
                return;
            }
            catch (Exception lost) when (attempt < Attempts && lost is DirectoryNotFoundException or FileNotFoundException)
            {
                // .NET takes a file for missing where the folder went and came back while it looked.
                ForgetTheWayTo(folder);
            }
        }
    }

    /// <summary>Writes a file aside, flushes it and puts it into place, whatever was there.</summary>
    public void Write(string file, ReadOnlyMemory<byte> content)
    {
        string? aside = null;
        var place = file;
        try
        {
            InParentOf(file, () =>
            {
                if (aside is null || !File.Exists(aside))
                {
                    // The flush is the long part. Whoever lost the folder during it writes again where nobody deletes.
                    (var beside, place) = (place, Path.Join(root, Path.GetFileName(file)));
                    aside = DurableFile.WriteAside(beside, content);
                }
                DurableFile.Replace(aside, file);
            });
        }
        catch
        {
            DurableFile.Discard(aside);
            throw;
        }
    }

    /// <summary>
    /// Makes a folder and all that is missing around it on Linux, and flushes nothing. From the inside out, because mostly only the
    /// innermost is missing; a look before would cost as much as the call. False when it was there.
    /// </summary>
    public static bool MakeUnflushed(string folder)
    {
        for (var attempt = 1; ; attempt++)
        {
            var error = LinuxCalls.MakeFolder(folder);
            if (error is 0 or LinuxCalls.Exists)
                return error == 0;
            if (error != LinuxCalls.NoEntry || attempt == Attempts || Path.GetDirectoryName(folder) is not { } parent)
                throw LinuxCalls.Fault(folder, error);
            MakeUnflushed(parent);
        }
    }

    /// <summary>Makes the root where it is missing.</summary>
    public void MakeRoot()
    {
        var made = new List<string>();
        Make(root, made);
        Flush(root, made);
    }

    /// <summary>A file or folder was deleted: forget it and what was inside, and flush the folder around it when asked to.</summary>
    public void Deleted(string path, bool durable)
    {
        Forget(path);
        // Where the folder around it is gone as well, the name is gone with it.
        if (durable)
            _ = TryFlush(Path.GetDirectoryName(path)!);
    }

    /// <summary>Makes what is missing on the way to a folder, and adds to <paramref name="made"/> what is not known to be safe.</summary>
    /// <exception cref="DirectoryNotFoundException">Another process removed what was just found or made.</exception>
    private void Make(string folder, List<string> made)
    {
        // Folders from the root upwards are not ours: there they are safe.
        if ((folder.Length <= root.Length || _safe.ContainsKey(folder)) && Directory.Exists(folder))
            return;
        if (Path.GetDirectoryName(folder) is not { } parent)
            return;
        Make(parent, made);
        DurableFile.MakeFolder(folder);
        made.Add(folder);
    }

    /// <summary>What is gone by now was removed after the change, and the change with it: it happened, and is over.</summary>
    private void Flush(string changed, List<string> made)
    {
        _ = TryFlush(changed);
        foreach (var folder in made)
        {
            if (TryFlush(Path.GetDirectoryName(folder)!))
                Remember(folder);
        }
    }

    private static bool TryFlush(string folder)
    {
        try
        {
            DurableFile.FlushFolder(folder);
            return true;
        }
        catch (DirectoryNotFoundException)
        {
            return false;
        }
    }

    private void Remember(string folder)
    {
        if (_safe.Count >= RememberAtMost)
            _safe.Clear();
        else if (folder.Length > root.Length)
            _safe[folder] = 0;
    }

    /// <summary>Whoever removed the folder may have removed those around it, and may have made them again without a flush.</summary>
    private void ForgetTheWayTo(string folder)
    {
        for (var lost = folder; lost.Length > root.Length; lost = Path.GetDirectoryName(lost)!)
            _safe.TryRemove(lost, out _);
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
