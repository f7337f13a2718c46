using System.Globalization;
using PSRegistry.Server.Configuration;

namespace PSRegistry.Server.Notifications;

/// <summary>Asks for events to be sent once more.</summary>
public static class EventReplay
{
    /// <summary>Leaves the wish for every server that runs, or will run, on the configuration's data.</summary>
    /// <param name="configuration">Names the outbox and the endpoints.</param>
    /// <param name="since">A time, or how long ago.</param>
    /// <param name="endpoint">The name of the endpoint; null for all.</param>
    /// <returns>The time that is meant.</returns>
    /// <exception cref="ArgumentException">There is no such endpoint, or the time is none.</exception>
    /// <exception cref="IOException">No events are kept, or the wish cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The wish cannot be written.</exception>
    public static DateTimeOffset Ask(RegistryConfiguration configuration, string since, string? endpoint)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(since);
        var notifications = configuration.Notifications;
        if (endpoint is not null && !notifications.Endpoints.Any(other => other.Name == endpoint))
            throw new ArgumentException($"there is no endpoint '{endpoint}' in the configuration. Name one of: {string.Join(", ", notifications.Endpoints.Select(other => other.Name))}.");
        var folder = OutboxSetup.FolderOf(notifications.Outbox, configuration.Storage)
            ?? throw new IOException("this registry keeps its events in memory, and sends none of them twice.");
        var from = TimeOf(since);
        new ReplayRequest(endpoint, from).LeaveInAll(folder);
        return from;
    }

    private static DateTimeOffset TimeOf(string since)
    {
        if (GoDuration.TryParse(since, out var ago) && ago > TimeSpan.Zero)
            return DateTimeOffset.UtcNow - ago;
        return DateTimeOffset.TryParse(since, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out var time)
            ? time
            : throw new ArgumentException($"'{since}' is no time. Write one such as 2026-11-28T10:00:00Z, or how long ago, such as 90m or 2h.");
    }
}
