using System.Runtime.InteropServices;

namespace PSRegistry.Storage.Drivers;

/// <summary>The parts of Linux's <c>struct statx</c> that are of use here; it is the same on every processor.</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal readonly struct FileLook
{
    public const uint BasicFields = 0x7ff;

    [FieldOffset(28)]
    private readonly ushort _mode;

    [FieldOffset(32)]
    private readonly ulong _inode;

    [FieldOffset(40)]
    private readonly long _length;

    [FieldOffset(96)]
    private readonly long _changedSeconds;

    [FieldOffset(104)]
    private readonly uint _changedNanoseconds;

    [FieldOffset(112)]
    private readonly long _modifiedSeconds;

    [FieldOffset(120)]
    private readonly uint _modifiedNanoseconds;

    [FieldOffset(136)]
    private readonly ulong _device;

    public bool IsFile => (_mode & 0xf000) == 0x8000;

    public bool IsFolder => (_mode & 0xf000) == 0x4000;

    public long Length => _length;

    /// <summary>Equal for the same file or folder, under whatever name, as long as it is there.</summary>
    public (ulong Device, ulong Inode) Identity => (_device, _inode);

    /// <summary>When anything about it last changed, in seconds since 1970.</summary>
    public long ChangedAt => _changedSeconds;

    /// <summary>Equal for the same file as long as nothing about it changed, as far as the system's clock tells, whose steps are milliseconds.</summary>
    public (ulong Device, ulong Inode, long Seconds, uint Nanoseconds) State => (_device, _inode, _changedSeconds, _changedNanoseconds);

    /// <summary>Of a folder: changes with every name in it.</summary>
    public FolderStamp Stamp => new(_device, _inode, _changedSeconds, _changedNanoseconds);

    public StorageEntry ToEntry(string name) => new(
        name, IsFolder, IsFolder ? 0 : _length, DateTimeOffset.FromUnixTimeSeconds(_modifiedSeconds).AddTicks(_modifiedNanoseconds / 100));
}
