using System.IO.Pipelines;
using PSRegistry.Oci;

namespace PSRegistry.Server.Http;

/// <summary>Sends a part of a blob: from the file into the connection's own buffer, without one of ours between.</summary>
internal static class BlobBody
{
    private const int Piece = 256 * 1024;

    public static async ValueTask WriteAsync(PipeWriter writer, IBlob blob, ByteRange part, CancellationToken cancellationToken)
    {
        var offset = part.Start;
        var end = part.Start + part.Length;
        while (offset < end)
        {
            var wanted = (int)Math.Min(Piece, end - offset);
            var count = await blob.ReadAsync(offset, writer.GetMemory(wanted)[..wanted], cancellationToken);
            // The length is promised already: breaking the connection is the only way to tell that the rest is missing.
            if (count == 0)
                throw new EndOfStreamException($"A blob ended at byte {offset} of {blob.Size}.");
            writer.Advance(count);
            offset += count;
            var flushed = await writer.FlushAsync(cancellationToken);
            if (flushed.IsCompleted || flushed.IsCanceled)
                return;
        }
    }
}
