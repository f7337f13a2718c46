using System.Collections.Immutable;
using System.Text.Json;
using PSRegistry.Oci;

namespace PSRegistry.Client;

/// <summary>Reads <c>{"errors":[{"code","message","detail"}]}</c> (OCI distribution spec, "Error codes"), cleaned for display.</summary>
internal static class ErrorEnvelope
{
    private const int MostErrors = 10, MostDetails = 10;

    /// <summary>The errors; empty when the body is no envelope.</summary>
    public static IReadOnlyList<RegistryError> Read(ReadOnlyMemory<byte> body, int status)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            var isEnvelope = json.RootElement.ValueKind == JsonValueKind.Object;
            if (!isEnvelope || !json.RootElement.TryGetProperty("errors", out var errors) || errors.ValueKind != JsonValueKind.Array)
                return [];
            var objects = errors.EnumerateArray().Where(error => error.ValueKind == JsonValueKind.Object);
            return [.. objects.Take(MostErrors).Select(error => ReadOne(error, status))];
        }
        // Invalid surrogate escapes show only when a string is read.
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return [];
        }
    }

    private static RegistryError ReadOne(JsonElement error, int status)
    {
        var code = ErrorCode.Received(ServerText.Clean(Text(error, "code") ?? "UNKNOWN", 64), status);
        return new RegistryError(code, ServerText.Clean(Text(error, "message") ?? code.Message), Details(error));
    }

    private static ImmutableArray<(string, string)> Details(JsonElement error)
    {
        if (!error.TryGetProperty("detail", out var detail))
            return [];
        return detail.ValueKind switch
        {
            JsonValueKind.String => [("detail", ServerText.Clean(detail.GetString()!))],
            JsonValueKind.Object => [.. detail.EnumerateObject().Take(MostDetails).Select(Detail)],
            _ => [],
        };
    }

    private static (string, string) Detail(JsonProperty pair) => (ServerText.Clean(pair.Name, 64), ServerText.Clean(pair.Value.ToString()));

    private static string? Text(JsonElement parent, string property) =>
        parent.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
