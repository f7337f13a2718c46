using PSRegistry.Commands;

namespace PSRegistry.Saving;

/// <summary>Where images are saved: into a folder, each under a name of its own, or all into one archive.</summary>
internal sealed class SaveDestination
{
    private readonly string _path;
    private readonly SaveFormat _format;

    /// <param name="path">The full path.</param>
    /// <param name="isFolder">Whether the user says that it is a folder, there or not.</param>
    /// <param name="format">What is written there.</param>
    /// <param name="compress">Whether the user asks for compression; a name that ends like a gzip file does, too.</param>
    public SaveDestination(string path, bool isFolder, SaveFormat format, bool compress)
    {
        _path = path;
        _format = format;
        // A layout is a folder that archives are not put into.
        IsOneArchive = !isFolder && (!Directory.Exists(path) || (format == SaveFormat.OciLayout && SavedLayout.IsIn(path)));
        IsCompressed = compress || (IsOneArchive && format != SaveFormat.OciLayout && EndsLikeGzip(path));
    }

    /// <summary>Whether all images go into one archive, the path itself.</summary>
    public bool IsOneArchive { get; }

    /// <summary>Whether archives are gzipped.</summary>
    public bool IsCompressed { get; }

    /// <summary>The archive for an image.</summary>
    public string PathOf(ImageTarget image) => IsOneArchive ? _path : Path.Combine(_path, NameOf(image) + Ending);

    private string Ending => _format == SaveFormat.OciLayout ? "" : IsCompressed ? ".tar.gz" : ".tar";

    /// <summary>As scripts around <c>docker save</c> name their files: no slash, and no colon, which Windows does not take.</summary>
    private static string NameOf(ImageTarget image)
    {
        var name = $"{image.Repository.Name}{(image.Tag is null ? "" : ":" + image.Tag)}{(image.Digest is null || image.Tag is not null ? "" : ":" + image.Digest)}";
        return name.Replace('/', '.').Replace(':', '_');
    }

    private static bool EndsLikeGzip(string path) =>
        path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".tgz", StringComparison.OrdinalIgnoreCase);
}
