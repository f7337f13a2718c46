using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace PSRegistry.Server.Http;

/// <summary>Answers JSON without a charset: clients compare the media type as a whole string.</summary>
internal static class JsonText
{
    /// <summary>Nothing here ends up inside HTML, and clients read <c>+json</c> more easily than <c>\u002Bjson</c>.</summary>
    public static JsonWriterOptions Options { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static async ValueTask AnswerAsync(HttpContext context, string mediaType, ReadOnlyMemory<byte> body)
    {
        var response = context.Response;
        response.ContentType = mediaType;
        response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
            await response.BodyWriter.WriteAsync(body, context.RequestAborted);
    }

    public static ArrayBufferWriter<byte> Write(Action<Utf8JsonWriter> content)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, Options))
            content(json);
        buffer.Write("\n"u8);
        return buffer;
    }
}
