using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using PSRegistry.Oci;
using PSRegistry.Server.Http;

namespace PSRegistry.Server.Notifications;

/// <summary>An event as the original writes it, on one line: names, nesting, and what is left out when it is empty are the original's.</summary>
internal static class EventJson
{
    public static ReadOnlyMemory<byte> Write(EventRecord record, IEnumerable<Descriptor> references) =>
        JsonText.Write(json => Write(json, record, references)).WrittenMemory;

    /// <summary>Reads a line; false for what is none of ours: the torn end of a file, or zeros that a power cut left.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> line, [NotNullWhen(true)] out EventRecord? record)
    {
        record = null;
        try
        {
            using var json = JsonDocument.Parse(line);
            record = Read(json.RootElement);
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            return false;
        }
        return true;
    }

    private static void Write(Utf8JsonWriter json, EventRecord record, IEnumerable<Descriptor> references)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, record.Id);
        json.WriteString("timestamp"u8, record.Time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture));
        json.WriteString("action"u8, record.Action);
        json.WriteStartObject("target"u8);
        WriteTarget(json, record, references);
        json.WriteEndObject();
        json.WriteStartObject("request"u8);
        json.WriteString("id"u8, record.Request.Id);
        WriteText(json, "addr"u8, record.Request.Address);
        WriteText(json, "host"u8, record.Request.Host);
        json.WriteString("method"u8, record.Request.Method);
        json.WriteString("useragent"u8, record.Request.UserAgent);
        json.WriteEndObject();
        json.WriteStartObject("actor"u8);
        WriteText(json, "name"u8, record.User);
        json.WriteEndObject();
        json.WriteStartObject("source"u8);
        WriteText(json, "addr"u8, record.Source);
        WriteText(json, "instanceID"u8, record.Instance);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteTarget(Utf8JsonWriter json, EventRecord record, IEnumerable<Descriptor> references)
    {
        WriteText(json, "mediaType"u8, record.MediaType);
        if (record.Size is not null and not 0)
            json.WriteNumber("size"u8, record.Size.Value);
        WriteText(json, "digest"u8, record.Digest);
        if (record.Size is not null and not 0)
            json.WriteNumber("length"u8, record.Size.Value);
        WriteText(json, "repository"u8, record.Repository);
        WriteText(json, "fromRepository"u8, record.FromRepository);
        WriteText(json, "url"u8, record.Url);
        WriteText(json, "tag"u8, record.Tag);
        var isFirst = true;
        foreach (var reference in references)
        {
            if (isFirst)
                json.WriteStartArray("references"u8);
            isFirst = false;
            DescriptorJson.Write(json, reference);
        }
        if (!isFirst)
            json.WriteEndArray();
    }

    private static void WriteText(Utf8JsonWriter json, ReadOnlySpan<byte> name, string? text)
    {
        if (!string.IsNullOrEmpty(text))
            json.WriteString(name, text);
    }

    private static EventRecord Read(JsonElement root)
    {
        var target = root.GetProperty("target"u8);
        var request = root.GetProperty("request"u8);
        return new EventRecord
        {
            Id = root.GetProperty("id"u8).GetString()!,
            Time = root.GetProperty("timestamp"u8).GetDateTimeOffset(),
            Action = root.GetProperty("action"u8).GetString()!,
            Repository = Text(target, "repository"u8) ?? "",
            FromRepository = Text(target, "fromRepository"u8),
            Tag = Text(target, "tag"u8),
            Digest = Text(target, "digest"u8),
            MediaType = Text(target, "mediaType"u8),
            Size = target.TryGetProperty("size"u8, out var size) ? size.GetInt64() : Text(target, "mediaType"u8) is null ? null : 0,
            Url = Text(target, "url"u8),
            User = Text(root.GetProperty("actor"u8), "name"u8),
            Request = new EventRequest(
                Text(request, "id"u8) ?? "", Text(request, "addr"u8) ?? "", Text(request, "host"u8) ?? "", Text(request, "method"u8) ?? "", Text(request, "useragent"u8) ?? ""),
            Source = Text(root.GetProperty("source"u8), "addr"u8),
            Instance = Text(root.GetProperty("source"u8), "instanceID"u8),
        };
    }

    private static string? Text(JsonElement parent, ReadOnlySpan<byte> name) => parent.TryGetProperty(name, out var text) ? text.GetString() : null;
}
