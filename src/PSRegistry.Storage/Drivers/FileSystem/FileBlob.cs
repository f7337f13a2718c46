using Microsoft.Win32.SafeHandles;
using PSRegistry.Oci;

namespace PSRegistry.Storage.Drivers;

/// <summary>An open file. The handle is what keeps it readable after it was deleted or replaced.</summary>
internal sealed class FileBlob(SafeFileHandle handle, string path) : IBlob
{
    public long Size { get; } = RandomAccess.GetLength(handle);

    public async ValueTask<int> ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return await RandomAccess.ReadAsync(handle, buffer, offset, cancellationToken);
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
