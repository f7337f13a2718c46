using Microsoft.Win32.SafeHandles;
using PSRegistry.Oci;

namespace PSRegistry.Storage.Drivers;

/// <summary>An open file. The handle is what keeps it readable after it was deleted or replaced.</summary>
internal sealed class FileBlob(SafeFileHandle handle, long size, string path) : IFileBlob
{
    public long Size => size;

    public SafeFileHandle File => handle;

    /// <summary>
    /// On Unix the read is made in place: RandomAccess.ReadAsync would make the same call on another thread, and two thread
    /// changes cost more than reading 1 KiB.
    /// </summary>
    public async ValueTask<int> ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return OperatingSystem.IsWindows()
                ? await RandomAccess.ReadAsync(handle, buffer, offset, cancellationToken)
                : RandomAccess.Read(handle, buffer.Span, offset);
        }
        catch (Exception fault) when (FileSystemFaults.IsFault(fault))
        {
            throw FileSystemFaults.ToStorageException(path, fault);
        }
    }

    public ValueTask DisposeAsync()
    {
        handle.Dispose();
        return ValueTask.CompletedTask;
    }
}
