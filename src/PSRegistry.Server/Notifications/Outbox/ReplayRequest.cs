using System.Buffers;
using System.Text.Json;
using PSRegistry.Storage.Drivers;

namespace PSRegistry.Server.Notifications;

/// <summary>The wish to have events sent once more, left in an outbox for its server: it may run in another process, or not at the moment.</summary>
/// <param name="Endpoint">To whom; null for everybody.</param>
/// <param name="Since">From when on.</param>
internal sealed record ReplayRequest(string? Endpoint, DateTimeOffset Since)
{
    /// <summary>The wishes in an outbox; null for a file that holds none.</summary>
    public static IReadOnlyList<(string File, ReplayRequest? Request)> In(string folder) =>
        [.. Directory.EnumerateFiles(folder, "replay-*.json").Select(file => (file, Read(file)))];

    /// <summary>Leaves it for every server of a data folder.</summary>
    /// <exception cref="IOException">No events are kept there, or it cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It cannot be written.</exception>
    public void LeaveInAll(string path)
    {
        foreach (var folder in OutboxFolders.List(KeptEvents.Find(path)))
            LeaveIn(folder);
    }

    /// <summary>Leaves it in an outbox.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It cannot be written.</exception>
    public void LeaveIn(string folder)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (Endpoint is not null)
                json.WriteString("endpoint"u8, Endpoint);
            json.WriteString("since"u8, Since);
            json.WriteEndObject();
        }
        var file = Path.Join(folder, $"replay-{Guid.NewGuid():N}.json");
        var aside = DurableFile.WriteAside(file, buffer.WrittenMemory);
        DurableFile.Replace(aside, file);
        DurableFile.FlushFolder(folder);
    }

    private static ReplayRequest? Read(string file)
    {
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(file));
            return new ReplayRequest(json.RootElement.TryGetProperty("endpoint"u8, out var endpoint) ? endpoint.GetString() : null, json.RootElement.GetProperty("since"u8).GetDateTimeOffset());
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            return null;
        }
    }
}
