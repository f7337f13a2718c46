using System.Globalization;
using PSRegistry.Testing;

namespace PSRegistry.Benchmarks.Comparison.Growth;

/// <summary>Whether a disk has room, looked at before anything is written.</summary>
internal static class DiskRoom
{
    private const long Block = 4096;

    /// <summary>Why there is none; null when there is.</summary>
    /// <param name="folder">A folder on the disk.</param>
    /// <param name="bytes">Bytes of large files.</param>
    /// <param name="entries">Folders and small files.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<string?> LacksAsync(string folder, long bytes, long entries, CancellationToken cancellationToken)
    {
        // A fifth more than is known to be needed: the disk is not ours alone.
        var needed = (bytes + (entries * Block)) * 6 / 5;
        if (new DriveInfo(folder).AvailableFreeSpace is var free && free < needed)
            return $"the disk of {folder} has {free >> 20} MiB free, {needed >> 20} MiB are needed.";
        var df = await ProgramRun.OfAsync(new ProgramCommand("df", ["--output=iavail", folder]), cancellationToken);
        var inodes = df.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1].Trim();
        return long.TryParse(inodes, CultureInfo.InvariantCulture, out var left) && left > 0 && left < entries * 6 / 5
            ? $"the disk of {folder} has {left} inodes free, {entries * 6 / 5} are needed."
            : null;
    }
}
