using System.IO.Compression;

namespace PSRegistry.Client;

/// <summary>Compresses a block as a whole: a member of gzip, or a frame of zstd.</summary>
internal delegate void CompressBlock(ReadOnlySpan<byte> plain, Stream into);

/// <summary>
/// The compressions of blocks that are put one behind the other. Both formats are made for that (RFC 1952, 2.2; RFC 8878, 3): whoever reads
/// layers reads them as one.
/// </summary>
internal static class BlockCompression
{
    private const int Samples = 4, SampleLength = 4096;

    /// <summary>gzip; what is compressed already is stored as it is, which takes a tenth of the time and no more room.</summary>
    public static void Gzip(ReadOnlySpan<byte> plain, Stream into)
    {
        using var gzip = new GZipStream(into, IsDense(plain) ? CompressionLevel.NoCompression : CompressionLevel.Fastest, leaveOpen: true);
        gzip.Write(plain);
    }

    /// <summary>A compression that is given as a stream around the one to write to.</summary>
    public static CompressBlock By(Func<Stream, Stream> compress) => (plain, into) =>
    {
        using var compressor = compress(into);
        compressor.Write(plain);
    };

    /// <summary>Whether some places of the block, compressed together, come out no smaller.</summary>
    private static bool IsDense(ReadOnlySpan<byte> plain)
    {
        if (plain.Length < Samples * SampleLength * 2)
            return false;
        using var sampled = new MemoryStream(Samples * SampleLength * 2);
        using (var deflate = new DeflateStream(sampled, CompressionLevel.Fastest, leaveOpen: true))
        {
            for (var i = 0; i < Samples; i++)
                deflate.Write(plain.Slice((int)((long)plain.Length * i / Samples), SampleLength));
        }
        return sampled.Length >= Samples * SampleLength * 98 / 100;
    }
}
