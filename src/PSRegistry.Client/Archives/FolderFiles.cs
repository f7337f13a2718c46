using Microsoft.Win32.SafeHandles;
using PSRegistry.Oci;

namespace PSRegistry.Client;

/// <summary>The files of a folder; links that lead out of it are refused.</summary>
internal sealed class FolderFiles(string folder) : IArchiveFiles
{
    private readonly string _folder = Path.GetFullPath(folder);

    public string Name => folder;

    public bool IsSequential => false;

    public ArchiveEntry? Find(string path)
    {
        var name = (path.Contains(':', StringComparison.Ordinal) ? null : ArchivePath.Normalize(path)) ?? throw new ArchiveException(folder,
            $"'{folder}' refers to '{ServerText.Clean(path)}', which is outside of it.");
        var file = new FileInfo(Path.Combine(_folder, name));
        if (!file.Exists)
            return null;
        if (file.ResolveLinkTarget(returnFinalTarget: true) is { } target && !IsInside(target.FullName))
            throw new ArchiveException(folder, $"'{name}' in '{folder}' is a link that leads out of the folder.");
        return new ArchiveEntry(name, 0, file.LinkTarget is null ? file.Length : new FileInfo(file.ResolveLinkTarget(true)!.FullName).Length);
    }

    public ValueTask<IBlob> OpenAsync(ArchiveEntry entry, CancellationToken cancellationToken)
    {
        try
        {
            var handle = File.OpenHandle(Path.Combine(_folder, entry.Path), options: FileOptions.Asynchronous | FileOptions.SequentialScan);
            return ValueTask.FromResult<IBlob>(new FilePart(handle, entry, folder, ownsHandle: true));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new ArchiveException(folder, $"'{entry.Path}' in '{folder}' cannot be read: {fault.Message}", fault);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private bool IsInside(string path) => path.StartsWith(_folder + Path.DirectorySeparatorChar, StringComparison.Ordinal);
}

/// <summary>A part of an open file.</summary>
internal sealed class FilePart(SafeFileHandle handle, ArchiveEntry entry, string archive, bool ownsHandle) : IBlob
{
    public long Size => entry.Size;

    public async ValueTask<int> ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (offset >= entry.Size)
            return 0;
        try
        {
            return await RandomAccess.ReadAsync(handle, buffer[..(int)Math.Min(buffer.Length, entry.Size - offset)], entry.Offset + offset, cancellationToken);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new ArchiveException(archive, $"'{entry.Path}' in '{archive}' cannot be read: {fault.Message}", fault);
        }
    }

    public ValueTask DisposeAsync()
    {
        if (ownsHandle)
            handle.Dispose();
        return ValueTask.CompletedTask;
    }
}
