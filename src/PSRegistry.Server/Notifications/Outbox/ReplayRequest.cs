using System.Text.Json;
using Microsoft.Extensions.Logging;
using PSRegistry.Server.Http;
using PSRegistry.Storage.Drivers;

namespace PSRegistry.Server.Notifications;

/// <summary>The wish to have events sent once more, left in an outbox for its server: it may run in another process, or not at the moment.</summary>
/// <param name="Endpoint">To whom; null for everybody.</param>
/// <param name="Since">From when on.</param>
internal sealed partial record ReplayRequest(string? Endpoint, DateTimeOffset Since)
{
    /// <summary>The files of the wishes in an outbox.</summary>
    public static IEnumerable<string> In(string folder) => Directory.EnumerateFiles(folder, "replay-*.json");

    /// <summary>The wish in a file; null, and a line in the log, where there is none to be read.</summary>
    public static ReplayRequest? Read(string file, ILogger log)
    {
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(file));
            return new ReplayRequest(json.RootElement.TryGetProperty("endpoint"u8, out var endpoint) ? endpoint.GetString() : null, json.RootElement.GetProperty("since"u8).GetDateTimeOffset());
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or FormatException or KeyNotFoundException or IOException or UnauthorizedAccessException)
        {
            Log.Unreadable(log, file, fault.Message);
            return null;
        }
    }

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
        var file = Path.Join(folder, $"replay-{Guid.NewGuid():N}.json");
        DurableFile.PutInPlace(DurableFile.WriteAside(file, JsonText.Write(Write).WrittenMemory), file);
    }

    private void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        if (Endpoint is not null)
            json.WriteString("endpoint"u8, Endpoint);
        json.WriteString("since"u8, Since);
        json.WriteEndObject();
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 72, Level = LogLevel.Error, Message = "what is to be sent once more cannot be read in {File} ({Reason}); the file is removed. Ask once more, as the registry's user")]
        public static partial void Unreadable(ILogger log, string file, string reason);
    }
}
