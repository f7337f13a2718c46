using PSRegistry.Client;
using PSRegistry.Oci;
using PSRegistry.Storage.Drivers;

namespace PSRegistry.Saving;

/// <summary>
/// An archive that is being written aside, and takes its place when it is whole and on the disk. Given up before that, it leaves nothing.
/// </summary>
internal sealed class ArchiveBeingSaved : IAsyncDisposable
{
    private readonly string _aside;
    private readonly FileStream? _file;
    private readonly GzipBlockStream? _gzip;
    private readonly DockerArchiveWriter? _docker;
    private readonly OciLayoutWriter? _layout;

    private ArchiveBeingSaved(string path, string aside, FileStream? file, GzipBlockStream? gzip, DockerArchiveWriter? docker, OciLayoutWriter? layout) =>
        (Path, _aside, _file, _gzip, _docker, _layout) = (path, aside, file, gzip, docker, layout);

    /// <summary>Where it will be.</summary>
    public string Path { get; }

    /// <summary>Begins an archive; the folder around it is made where it is missing.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static async Task<ArchiveBeingSaved> OpenAsync(string path, SaveFormat format, bool compress, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        var aside = $"{path}.{Guid.NewGuid():N}.tmp";
        if (format == SaveFormat.OciLayout)
            return new ArchiveBeingSaved(path, aside, null, null, null, await OciLayoutWriter.OpenFolderAsync(aside, cancellationToken));
        var file = new FileStream(aside, FileMode.CreateNew, FileAccess.Write, FileShare.None, 256 * 1024, FileOptions.Asynchronous);
        var gzip = compress ? new GzipBlockStream(file) : null;
        var tar = (Stream?)gzip ?? file;
        return format == SaveFormat.DockerArchive
            ? new ArchiveBeingSaved(path, aside, file, gzip, DockerArchiveWriter.To(tar), null)
            : new ArchiveBeingSaved(path, aside, file, gzip, null, OciLayoutWriter.ToTar(tar));
    }

    /// <summary>Adds an image.</summary>
    /// <param name="repository">Where it is.</param>
    /// <param name="manifest">Its manifest: of one image for docker, also an index for OCI.</param>
    /// <param name="name">Its name in the archive; null for none.</param>
    /// <param name="options">What of it, and who is told.</param>
    /// <param name="cancellationToken">Stops; the archive is then to be given up.</param>
    /// <returns>The manifest as it is in the archive: another one where some of its platforms were chosen.</returns>
    public async Task<Digest> AddAsync(IRepository repository, Digest manifest, string? name, CopyOptions options, CancellationToken cancellationToken)
    {
        if (_layout is not null)
            return (await new ImageCopier(options).SaveAsync(repository, manifest, _layout, name, cancellationToken)).Manifest.Digest;
        await _docker!.AddAsync(repository, manifest, name is null ? [] : [name], options.Progress, cancellationToken);
        return manifest;
    }

    /// <summary>Puts the archive into its place.</summary>
    /// <param name="overwrite">Whether what is there may go.</param>
    /// <param name="cancellationToken">Gives up, until it is there.</param>
    /// <exception cref="IOException">It cannot be, or something is there.</exception>
    public async Task<FileSystemInfo> FinishAsync(bool overwrite, CancellationToken cancellationToken)
    {
        await (_docker?.FinishAsync(cancellationToken) ?? _layout!.FinishAsync(cancellationToken));
        await (_gzip?.FinishAsync(cancellationToken) ?? ValueTask.CompletedTask);
        if (_file is not null)
        {
            await _file.FlushAsync(cancellationToken);
            _file.Flush(flushToDisk: true);
            await _file.DisposeAsync();
        }
        cancellationToken.ThrowIfCancellationRequested();
        if (_file is null)
            SavedLayout.Put(_aside, Path, overwrite);
        else if (overwrite)
            DurableFile.Replace(_aside, Path);
        else if (!DurableFile.TryRename(_aside, Path))
            throw new IOException("another archive came in between, and is kept");
        DurableFile.FlushFolder(System.IO.Path.GetDirectoryName(Path)!);
        return _file is null ? new DirectoryInfo(Path) : new FileInfo(Path);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await (_file?.DisposeAsync() ?? ValueTask.CompletedTask);
        }
        catch (IOException)
        {
            // A full disk takes the last bytes no better than those before, of which it was told already.
        }
        if (_file is not null)
            File.Delete(_aside);
        else if (Directory.Exists(_aside))
            Directory.Delete(_aside, recursive: true);
    }
}
