namespace PSRegistry.Storage.Drivers;

/// <summary>Whether a folder lies on a file system of this machine alone: what can be proved of it holds whoever changes it.</summary>
internal static class LocalFileSystem
{
    /// <summary>ext, XFS, Btrfs, tmpfs, ZFS, F2FS: all changes go through this kernel. On network file systems they do not.</summary>
    private static readonly long[] Types = [0xEF53, 0x58465342, 0x9123683E, 0x01021994, 0x2FC12FC1, 0xF2F52010];

    public static bool Holds(string folder) => LinuxCalls.AreSupported && Types.Contains(LinuxCalls.FileSystemType(folder) & 0xFFFFFFFF);
}
