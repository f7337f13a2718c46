using System.Runtime.CompilerServices;
using PSRegistry.Oci;

namespace PSRegistry.Client;

/// <summary>
/// Images in a file or folder: a docker archive (<c>.tar</c>, perhaps compressed as a whole), or an OCI layout (a folder, or a tar of one).
/// Nothing is unpacked: blobs are streamed from where they lie, and each is checked against its digest on the way.
/// </summary>
public sealed class ImageArchive : IImageSource, IAsyncDisposable
{
    private readonly OciLayoutReader? _layout;

    private ImageArchive(IArchiveFiles files, ArchiveOptions options, OciLayoutReader? layout, IReadOnlyList<ArchivedImage> images)
    {
        Files = files;
        Options = options;
        _layout = layout;
        Images = images;
    }

    /// <summary>Where it is, or what it is called.</summary>
    public string Name => Files.Name;

    /// <summary>Its kind.</summary>
    public ArchiveKind Kind => _layout is null ? ArchiveKind.DockerArchive : ArchiveKind.OciLayout;

    /// <summary>The images in it, in its own order.</summary>
    public IReadOnlyList<ArchivedImage> Images { get; }

    internal IArchiveFiles Files { get; }

    internal ArchiveOptions Options { get; }

    /// <summary>Opens a file or folder.</summary>
    /// <param name="path">A tar file, perhaps compressed, or the folder of an OCI layout.</param>
    /// <param name="options">How; null for the usual.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ArchiveException">It is no archive of images, or one that is refused.</exception>
    public static async ValueTask<ImageArchive> OpenAsync(string path, ArchiveOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        options ??= new ArchiveOptions();
        try
        {
            return Directory.Exists(path)
                ? await ReadAsync(new FolderFiles(path), options, cancellationToken)
                : await ReadAsync(await ArchiveFile.OpenAsync(path, options, cancellationToken), options, cancellationToken);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new ArchiveException(path, $"'{path}' cannot be read: {fault.Message}", fault);
        }
    }

    /// <summary>Reads a tar that comes as a stream, such as an engine's export.</summary>
    /// <param name="name">What to call it in messages.</param>
    /// <param name="open">Opens it from its beginning; called again for what has passed by.</param>
    /// <param name="options">How; null for the usual.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ArchiveException">It is no archive of images, or one that is refused.</exception>
    public static async ValueTask<ImageArchive> OpenAsync(
        string name, Func<CancellationToken, ValueTask<Stream>> open, ArchiveOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(open);
        TarIndex index;
        await using (var tar = new CountingStream(await open(cancellationToken)))
            index = await TarIndex.ReadAsync(name, tar, cancellationToken);
        return await ReadAsync(new StreamedTarFiles(name, index, open), options ?? new ArchiveOptions(), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<StoredManifest?> GetManifestAsync(Digest digest, CancellationToken cancellationToken = default) =>
        _layout?.GetManifestAsync(digest, cancellationToken) ?? ValueTask.FromResult<StoredManifest?>(null);

    /// <inheritdoc/>
    public ValueTask<IBlob?> OpenBlobAsync(Digest digest, CancellationToken cancellationToken = default) =>
        _layout?.OpenBlobAsync(digest, cancellationToken) ?? ValueTask.FromResult<IBlob?>(null);

    /// <inheritdoc/>
    public async IAsyncEnumerable<Descriptor> ListReferrersAsync(Digest subject, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var referrer in _layout is null ? [] : await _layout.ListReferrersAsync(subject, cancellationToken))
            yield return referrer;
    }

    /// <summary>What an image runs on; null for a list of images, and for what is none.</summary>
    internal async ValueTask<Platform?> PlatformOfAsync(ArchivedImage image, CancellationToken cancellationToken)
    {
        var config = image.Config ?? (_layout is null ? null : await _layout.ReadConfigAsync(image.Id, cancellationToken));
        return config is { } content && ImageConfiguration.TryParse(content, out var configuration) && configuration.Platform.Os.Length > 0
            ? configuration.Platform
            : null;
    }

    /// <summary>The blobs as they lie one behind the other, so that an archive that is read from front to back is read once.</summary>
    internal IEnumerable<Descriptor> InOrder(IEnumerable<Descriptor> blobs) => blobs.OrderBy(blob => _layout?.Find(blob.Digest)?.Offset ?? 0);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Files.DisposeAsync();

    private static async ValueTask<ImageArchive> ReadAsync(IArchiveFiles files, ArchiveOptions options, CancellationToken cancellationToken)
    {
        try
        {
            var docker = await DockerArchiveReader.FindAsync(files, cancellationToken);
            if (OciLayoutReader.Find(files) is not { } layout)
            {
                return docker is null
                    ? throw new ArchiveException(files.Name,
                        $"'{files.Name}' is no archive of images: it has neither manifest.json nor index.json.")
                    : new ImageArchive(files, options, null, docker);
            }
            var images = await layout.ReadImagesAsync(docker ?? [], cancellationToken);
            return new ImageArchive(files, options, layout, images);
        }
        catch
        {
            await files.DisposeAsync();
            throw;
        }
    }
}
