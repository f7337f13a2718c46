namespace PSRegistry.Client;

/// <summary>Opens a tar file by what its first bytes say it is.</summary>
internal static class ArchiveFile
{
    public static async ValueTask<IArchiveFiles> OpenAsync(string path, ArchiveOptions options, CancellationToken cancellationToken)
    {
        var compression = await TellAsync(path, cancellationToken);
        if (compression == CompressionFound.None)
            return await OpenPlainAsync(path, cancellationToken);
        await using (var tar = new CountingStream(Open()))
            return new StreamedTarFiles(path, await TarIndex.ReadAsync(path, tar, cancellationToken), _ => ValueTask.FromResult(Open()));

        Stream Open()
        {
            var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 128 * 1024, FileOptions.Asynchronous | FileOptions.SequentialScan);
            if (Compressions.Undo(compression, file, options.OpenZstd) is { } plain)
                return plain;
            file.Dispose();
            throw new ArchiveException(path,
                $"'{path}' is compressed in a way that cannot be read here ({compression}): plain tar, gzip and zstd can.");
        }
    }

    private static async ValueTask<CompressionFound> TellAsync(string path, CancellationToken cancellationToken)
    {
        var start = new byte[Compressions.MagicLength];
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 0, FileOptions.Asynchronous);
        var length = await file.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancellationToken);
        return Compressions.Tell(start.AsSpan(0, length));
    }

    private static async ValueTask<IArchiveFiles> OpenPlainAsync(string path, CancellationToken cancellationToken)
    {
        var handle = File.OpenHandle(path, options: FileOptions.Asynchronous);
        try
        {
            await using var tar = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 4096, FileOptions.Asynchronous);
            return new TarFiles(path, handle, await TarIndex.ReadAsync(path, tar, cancellationToken));
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }
}
