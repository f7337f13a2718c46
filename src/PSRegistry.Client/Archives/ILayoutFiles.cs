using PSRegistry.Oci;

namespace PSRegistry.Client;

/// <summary>Where the files of a layout are written: a folder, or a tar.</summary>
internal interface ILayoutFiles : IAsyncDisposable
{
    /// <summary>The folder or tar, for messages.</summary>
    string Name { get; }

    /// <summary>How many files may be written at a time; null for any number.</summary>
    int? Parallelism { get; }

    /// <summary>Whether a file of that length is there.</summary>
    bool Has(string path, long size);

    /// <summary>Writes a file; it is there whole or not at all.</summary>
    ValueTask WriteAsync(string path, IBlob content, Action<long> onProgress, CancellationToken cancellationToken);

    /// <summary>Ends the writing.</summary>
    ValueTask FinishAsync(CancellationToken cancellationToken);
}

/// <summary>A folder.</summary>
internal sealed class LayoutFolder(string folder) : ILayoutFiles
{
    public string Name => folder;

    public int? Parallelism => null;

    public bool Has(string path, long size) => new FileInfo(Path.Combine(folder, path)) is { Exists: true } file && file.Length == size;

    public async ValueTask WriteAsync(string path, IBlob content, Action<long> onProgress, CancellationToken cancellationToken)
    {
        var file = Path.Combine(folder, path);
        var written = $"{file}.{Guid.NewGuid():n}.tmp";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await using (var stream = new FileStream(written, FileMode.CreateNew, FileAccess.Write, FileShare.None, 0, FileOptions.Asynchronous))
            {
                await new BlobStream(content, onProgress).CopyToAsync(stream, 256 * 1024, cancellationToken);
                stream.Flush(flushToDisk: true);
            }
            File.Move(written, file, overwrite: true);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            File.Delete(written);
            throw new ArchiveException(folder, $"'{path}' cannot be written to '{folder}': {fault.Message}", fault);
        }
        catch
        {
            File.Delete(written);
            throw;
        }
    }

    public ValueTask FinishAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>A tar, one file after the other.</summary>
internal sealed class LayoutTar(Stream tar) : ILayoutFiles
{
    private readonly TarOutput _output = new(tar);

    public string Name => "the archive";

    public int? Parallelism => 1;

    public bool Has(string path, long size) => _output.Has(path);

    public ValueTask WriteAsync(string path, IBlob content, Action<long> onProgress, CancellationToken cancellationToken) =>
        _output.WriteAsync(path, content, onProgress, cancellationToken);

    public ValueTask FinishAsync(CancellationToken cancellationToken) => _output.DisposeAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
