namespace PSRegistry.Testing.Storage;

/// <summary>A data folder of one test, gone afterwards.</summary>
public sealed class StorageFolder : IDisposable
{
    /// <summary>Makes an empty folder.</summary>
    public StorageFolder() => FullPath = Directory.CreateTempSubdirectory("psregistry-storage-").FullName;

    /// <summary>Where it is.</summary>
    public string FullPath { get; }

    /// <summary>Every file in it, as storage paths, in byte order.</summary>
    public IReadOnlyList<string> Files =>
    [
        .. Directory.EnumerateFiles(FullPath, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(FullPath, file).Replace(Path.DirectorySeparatorChar, '/'))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The full path of what is inside.</summary>
    public string At(string path) => Path.Combine(FullPath, path.Replace('/', Path.DirectorySeparatorChar));

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(FullPath, recursive: true);
}
