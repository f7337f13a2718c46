using PSRegistry.Oci;

namespace PSRegistry.Client;

/// <summary>
/// Writes an OCI layout (image-spec, image-layout.md), into a folder or a tar. <c>index.json</c> comes last, with
/// <see cref="FinishAsync"/>: until then it is no layout.
/// </summary>
public sealed class OciLayoutWriter : IImageTarget, IAsyncDisposable
{
    private const string RefName = "org.opencontainers.image.ref.name";

    private static readonly byte[] LayoutFile = """{"imageLayoutVersion":"1.0.0"}"""u8.ToArray();

    private readonly ILayoutFiles _files;
    private readonly List<Descriptor> _listed = [];

    private OciLayoutWriter(ILayoutFiles files) => _files = files;

    int? IImageTarget.Parallelism => _files.Parallelism;

    /// <summary>A layout in a folder, which is made where it does not exist. What another layout has there already stays, and is listed on.</summary>
    /// <exception cref="ArchiveException">The folder holds something else, or cannot be written.</exception>
    public static async ValueTask<OciLayoutWriter> OpenFolderAsync(string folder, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(folder);
        var writer = new OciLayoutWriter(new LayoutFolder(folder));
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
        {
            await using var files = new FolderFiles(folder);
            var reader = OciLayoutReader.Find(files)
                ?? throw new ArchiveException(folder, $"'{folder}' is neither empty nor an OCI layout; nothing is written there.");
            await reader.ReadImagesAsync([], cancellationToken);
            writer._listed.AddRange(reader.Listed);
        }
        return writer;
    }

    /// <summary>A layout in a tar, written to <paramref name="tar"/> from front to back.</summary>
    public static OciLayoutWriter ToTar(Stream tar)
    {
        ArgumentNullException.ThrowIfNull(tar);
        return new OciLayoutWriter(new LayoutTar(tar));
    }

    /// <summary>Writes the list of what was saved. Nothing can be saved after it.</summary>
    public async ValueTask FinishAsync(CancellationToken cancellationToken = default)
    {
        await _files.WriteAsync("oci-layout", new MemoryBlob(LayoutFile), static _ => { }, cancellationToken);
        await _files.WriteAsync("index.json", new MemoryBlob(ManifestWriter.Index(_listed)), static _ => { }, cancellationToken);
        await _files.FinishAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _files.DisposeAsync();

    ValueTask<bool> IImageTarget.HasManifestAsync(Digest digest, CancellationToken cancellationToken) => ValueTask.FromResult(false);

    async ValueTask IImageTarget.TakeBlobAsync(Descriptor blob, IImageSource source, CopyTally tally, CancellationToken cancellationToken)
    {
        var path = PathOf(blob.Digest);
        if (_files.Has(path, blob.Size))
        {
            tally.Present(blob.Size);
            return;
        }
        await using var content = await source.OpenBlobAsync(blob.Digest, cancellationToken)
            ?? throw new ArchiveException(_files.Name, $"The image is incomplete: the blob {blob.Digest} is missing.");
        await _files.WriteAsync(path, content, tally.Follow(), cancellationToken);
        tally.Done(content.Size);
    }

    async ValueTask IImageTarget.TakeManifestAsync(Manifest manifest, Digest digest, IReadOnlyList<Tag> tags, CancellationToken cancellationToken)
    {
        if (!_files.Has(PathOf(digest), manifest.Content.Length))
            await _files.WriteAsync(PathOf(digest), new MemoryBlob(manifest.Content), static _ => { }, cancellationToken);
        // Nothing else in a layout tells that there are referrers.
        if (manifest.Subject is not null)
            List(new Descriptor(manifest.MediaType, digest, manifest.Content.Length), name: null);
    }

    /// <summary>Lists a manifest; one of the same name is listed no more.</summary>
    internal void List(Descriptor manifest, string? name)
    {
        if (name is not null)
            _listed.RemoveAll(listed => listed.Annotations.GetValueOrDefault(RefName) == name);
        else if (_listed.Exists(listed => listed.Digest == manifest.Digest))
            return;
        _listed.Add(name is null ? manifest : manifest with { Annotations = manifest.Annotations.SetItem(RefName, name) });
    }

    private static string PathOf(Digest digest) => $"blobs/{digest.Algorithm.Name}/{digest.Hex}";
}
