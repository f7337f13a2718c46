using System.IO.Compression;

namespace PSRegistry.Client;

/// <summary>How the content of an archive or layer is compressed, as its first bytes tell.</summary>
internal enum CompressionFound
{
    None,
    Gzip,
    Zstd,
    Unknown,
}

/// <summary>Tells compressions and undoes them.</summary>
internal static class Compressions
{
    /// <summary>As many bytes as <see cref="Tell"/> wants to see.</summary>
    public const int MagicLength = 6;

    public static CompressionFound Tell(ReadOnlySpan<byte> start) => start switch
    {
        [0x1f, 0x8b, ..] => CompressionFound.Gzip,
        [0x28, 0xb5, 0x2f, 0xfd, ..] => CompressionFound.Zstd,
        [(byte)'B', (byte)'Z', (byte)'h', ..] or [0xfd, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', ..] => CompressionFound.Unknown,
        _ => CompressionFound.None,
    };

    /// <summary>The plain bytes; null where that is not possible here.</summary>
    public static Stream? Undo(CompressionFound compression, Stream compressed, Func<Stream, Stream>? openZstd) => compression switch
    {
        CompressionFound.None => compressed,
        CompressionFound.Gzip => new GZipStream(compressed, CompressionMode.Decompress),
        CompressionFound.Zstd => openZstd?.Invoke(compressed),
        _ => null,
    };
}
