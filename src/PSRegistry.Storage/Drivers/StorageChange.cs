namespace PSRegistry.Storage.Drivers;

/// <summary>A file that gets new content, one that is moved into its place, or a file or folder that goes.</summary>
public readonly record struct StorageChange
{
    private StorageChange(string path, ReadOnlyMemory<byte>? content, string? source)
    {
        Path = path;
        Content = content;
        Source = source;
    }

    /// <summary>The file or folder.</summary>
    public string Path { get; }

    /// <summary>What is written to it, when it is written.</summary>
    public ReadOnlyMemory<byte>? Content { get; }

    /// <summary>The file that is moved there, when one is.</summary>
    public string? Source { get; }

    /// <summary>Writes a small file.</summary>
    public static StorageChange Write(string path, ReadOnlyMemory<byte> content) => new(path, content, null);

    /// <summary>Moves a file that nobody writes to any more, flushed or not.</summary>
    public static StorageChange Move(string source, string path) => new(path, null, source);

    /// <summary>Deletes a file, or a folder with all that is in it; a power cut may bring it back.</summary>
    public static StorageChange Remove(string path) => new(path, null, null);
}
