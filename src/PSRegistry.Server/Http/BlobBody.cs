using Microsoft.AspNetCore.Http;
using PSRegistry.Oci;
using PSRegistry.Server.Transport;

namespace PSRegistry.Server.Http;

/// <summary>Sends a part of a blob: the file itself where the connection can send it, else read into the connection's own buffer.</summary>
internal static class BlobBody
{
    private const int Piece = 256 * 1024;

    /// <summary>Below this reading is as quick as sending the file behind the headers.</summary>
    private const int SendFileFrom = 16 * 1024;

    public static async ValueTask WriteAsync(HttpContext context, IBlob blob, ByteRange part)
    {
        var cancellationToken = context.RequestAborted;
        var writer = context.Response.BodyWriter;
        if (part.Length >= SendFileFrom && blob is IFileBlob { File: var file } && context.Features.Get<IFileOutput>() is { } output)
        {
            await context.Response.StartAsync(cancellationToken);
            if (await output.TrySendAsync(writer, file, part.Start, part.Length, cancellationToken))
                return;
        }
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
