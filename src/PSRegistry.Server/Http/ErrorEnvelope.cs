using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using PSRegistry.Oci;

namespace PSRegistry.Server.Http;

/// <summary>Writes <c>{"errors":[{"code","message","detail"}]}</c> and a line end (OCI distribution spec, "Error codes"); the first error decides the status.</summary>
internal static class ErrorEnvelope
{
    /// <summary>A manifest can lack thousands of layers; the first of them say enough.</summary>
    private const int WriteAtMost = 100;

    public static async ValueTask WriteAsync(HttpContext context, ImmutableArray<RegistryError> errors)
    {
        var body = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(body, JsonText.Options))
            Write(json, errors);
        body.Write("\n"u8);

        var response = context.Response;
        response.StatusCode = errors[0].Code.Status;
        response.ContentType = MediaTypes.Json;
        response.ContentLength = body.WrittenCount;
        if (!HttpMethods.IsHead(context.Request.Method))
            await response.BodyWriter.WriteAsync(body.WrittenMemory, context.RequestAborted);
    }

    private static void Write(Utf8JsonWriter json, ImmutableArray<RegistryError> errors)
    {
        json.WriteStartObject();
        json.WriteStartArray("errors"u8);
        foreach (var error in errors.AsSpan()[..Math.Min(errors.Length, WriteAtMost)])
        {
            json.WriteStartObject();
            json.WriteString("code"u8, error.Code.Name);
            json.WriteString("message"u8, error.Message);
            if (!error.Detail.IsDefaultOrEmpty)
            {
                json.WriteStartObject("detail"u8);
                foreach (var (name, value) in error.Detail)
                    json.WriteString(name, value);
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
