using System.Text.Json;

namespace PSRegistry.Client;

/// <summary>Reads the JSON documents of an archive, up to a length that no honest one has.</summary>
internal static class ArchiveJson
{
    private const int Longest = 8 * 1024 * 1024;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 64, AllowDuplicateProperties = false };

    /// <summary>The bytes of a file that must be small.</summary>
    public static async ValueTask<byte[]> ReadAsync(IArchiveFiles files, ArchiveEntry entry, CancellationToken cancellationToken)
    {
        await using var blob = await files.OpenAsync(entry, cancellationToken);
        return await WholeBlob.ReadAsync(blob, Longest, cancellationToken)
            ?? throw new ArchiveException(files.Name,
                $"'{files.Name}' is refused: '{entry.Path}' has {entry.Size} bytes, more than the {Longest / (1024 * 1024)} MiB that such a document may have.");
    }

    /// <summary>Reads a document; whatever it lacks becomes a fault that names it.</summary>
    public static T Parse<T>(IArchiveFiles files, string path, ReadOnlyMemory<byte> json, Func<JsonElement, T> read)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Strict);
            return read(document.RootElement);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new ArchiveException(files.Name,
                $"'{path}' in '{files.Name}' is not what it should be: {ServerText.Clean(fault.Message)}", fault);
        }
    }
}
