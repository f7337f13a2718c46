using System.Buffers;
using Microsoft.AspNetCore.Http;
using PSRegistry.Oci;

namespace PSRegistry.Server.Http;

/// <summary>Reads the body of a manifest push.</summary>
internal static class ManifestBody
{
    /// <summary>A client that is still sending reads no answer, so some of what is too much is read and dropped first.</summary>
    private const long DrainAtMost = 16L * Manifest.MaxSize;

    public static async ValueTask<(ReadOnlyMemory<byte> Content, RegistryError? TooLarge)> ReadAsync(HttpContext context)
    {
        var body = context.Request.BodyReader;
        var content = new ArrayBufferWriter<byte>((int)Math.Clamp(context.Request.ContentLength ?? 4096, 256, Manifest.MaxSize));
        long length = 0;
        while (true)
        {
            var read = await body.ReadAsync(context.RequestAborted);
            length += read.Buffer.Length;
            if (length <= Manifest.MaxSize)
            {
                foreach (var piece in read.Buffer)
                    content.Write(piece.Span);
            }
            body.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted || length > DrainAtMost)
                break;
        }
        return length <= Manifest.MaxSize
            ? (content.WrittenMemory, null)
            : (default, ErrorCode.ManifestTooLarge.With($"a manifest may have {Manifest.MaxSize} bytes; put large data into a blob and refer to it."));
    }
}
