namespace PSRegistry.Storage.Drivers;

/// <summary>Whether a folder lies on a file system of this machine alone: what can be proved of it holds whoever changes it.</summary>
internal static class LocalFileSystem
{
    public static bool Holds(string folder) => LinuxCalls.AreSupported && IsLocal(LinuxCalls.FileSystemType(folder));

    /// <summary>ext, XFS, Btrfs, tmpfs, ZFS, F2FS: all changes go through this kernel. On network file systems they do not.</summary>
    private static bool IsLocal(uint type) => type is 0xEF53 or 0x58465342 or 0x9123683E or 0x01021994 or 0x2FC12FC1 or 0xF2F52010;
}
