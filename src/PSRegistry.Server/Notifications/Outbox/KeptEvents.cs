using System.Runtime.CompilerServices;

namespace PSRegistry.Server.Notifications;

/// <summary>The events that servers of any process keep on disk, read beside them: those of several servers together, by time.</summary>
internal static class KeptEvents
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    /// <summary>The folder of outboxes that a path means: that of a data folder, or the path itself.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such thing.</exception>
    public static string Find(string path)
    {
        if (OutboxFolders.In(path) is var inside && Directory.Exists(inside))
            return inside;
        return OutboxFolders.List(path).Count > 0
            ? path
            : throw new DirectoryNotFoundException($"'{path}' keeps no events. Its server keeps them while the configuration has a notification endpoint, or notifications.outbox.enabled: true");
    }

    /// <summary>The events since a moment, or from now on, and those that come.</summary>
    public static IAsyncEnumerable<EventRecord> WatchAsync(string path, DateTimeOffset? since, bool follow, CancellationToken cancellationToken)
    {
        var root = Find(path);
        var open = new Dictionary<string, Reader>(StringComparer.Ordinal);
        // From the call on, not from the first look on.
        foreach (var folder in OutboxFolders.List(root))
            open[folder] = new Reader(folder, segments => since is { } time ? segments.Find(time) : segments.FindEnd());
        return ReadAsync(root, open, since, follow, cancellationToken);
    }

    private static async IAsyncEnumerable<EventRecord> ReadAsync(
        string root, Dictionary<string, Reader> open, DateTimeOffset? since, bool follow, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            while (open.Values.Where(reader => reader.Peek() is not null).MinBy(reader => reader.Peek()!.Time) is { } oldest)
            {
                var record = oldest.Take();
                if (!(record.Time < since))
                    yield return record;
                cancellationToken.ThrowIfCancellationRequested();
            }
            if (!follow)
                yield break;
            await Task.Delay(Interval, cancellationToken);
            foreach (var folder in OutboxFolders.List(root).Where(folder => !open.ContainsKey(folder)).ToList())
                open[folder] = new Reader(folder, _ => 0);
        }
    }

    private sealed class Reader
    {
        private readonly OutboxSegments _segments;
        private readonly OutboxCursor _cursor;
        private readonly Queue<EventRecord> _read = new();

        public Reader(string folder, Func<OutboxSegments, long> begin)
        {
            _segments = new OutboxSegments(folder);
            _cursor = new OutboxCursor(begin(_segments));
        }

        public EventRecord? Peek()
        {
            while (_read.Count == 0)
            {
                var lines = _segments.Read(_cursor);
                if (lines.Count == 0)
                    return null;
                foreach (var line in lines)
                {
                    if (EventJson.TryRead(line, out var record))
                        _read.Enqueue(record);
                }
            }
            return _read.Peek();
        }

        public EventRecord Take() => _read.Dequeue();
    }
}
