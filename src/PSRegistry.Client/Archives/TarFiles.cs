using Microsoft.Win32.SafeHandles;
using PSRegistry.Oci;

namespace PSRegistry.Client;

/// <summary>The files of a plain tar file: each is a part of it, and any number are read at a time.</summary>
internal sealed class TarFiles(string path, SafeFileHandle handle, TarIndex index) : IArchiveFiles
{
    public string Name => path;

    public bool IsSequential => false;

    public ArchiveEntry? Find(string path) => index.Find(path);

    public ValueTask<IBlob> OpenAsync(ArchiveEntry entry, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IBlob>(new FilePart(handle, entry, path, ownsHandle: false));

    public ValueTask DisposeAsync()
    {
        handle.Dispose();
        return ValueTask.CompletedTask;
    }
}
