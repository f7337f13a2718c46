using System.Globalization;

namespace PSRegistry.Server.Notifications;

/// <summary>
/// The files of an outbox, for whoever reads them, also beside the server that writes them:
/// <code>
///   psregistry/events/
///     1/                               one folder for each server that runs on the data, locked by it
///       lock
///       positions.json                 {"endpoint": number of the event that it gets next}
///       00000000000000000000.jsonl     events, one a line, named by the number of the first
///       00000000000000000812.jsonl
///       replay-*.json                  what an operator wants to have sent once more
///     2/ ...
/// </code>
/// A line counts when its end is there. Every start begins a new file, so that the torn end of a crash stays where it is.
/// </summary>
internal sealed class OutboxSegments(string folder)
{
    private const int BatchSize = 64 * 1024;

    public string Folder => folder;

    public string FileOf(long first) => Path.Join(folder, first.ToString("D20", CultureInfo.InvariantCulture) + ".jsonl");

    /// <summary>The numbers of the first events of all files, in order.</summary>
    public List<long> List()
    {
        var segments = new List<long>();
        try
        {
            foreach (var file in Directory.EnumerateFiles(folder, "*.jsonl"))
            {
                if (long.TryParse(Path.GetFileNameWithoutExtension(file.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out var first))
                    segments.Add(first);
            }
        }
        catch (DirectoryNotFoundException)
        {
            // Whoever drained it removed it.
        }
        segments.Sort();
        return segments;
    }

    /// <summary>The number behind the last event that is whole.</summary>
    public long FindEnd()
    {
        var segments = List();
        if (segments.Count == 0)
            return 0;
        var cursor = new OutboxCursor(segments[^1]) { Segment = segments[^1] };
        while (Read(cursor).Count > 0)
        {
        }
        return cursor.Next;
    }

    /// <summary>Some events behind the cursor; none at the end.</summary>
    /// <param name="cursor">Where to begin; moved behind them.</param>
    /// <param name="wholeIn">How many bytes of a file count, for its writer; null for all.</param>
    public IReadOnlyList<ReadOnlyMemory<byte>> Read(OutboxCursor cursor, Func<long, long>? wholeIn = null)
    {
        List<long>? segments = null;
        while (true)
        {
            if (cursor.Segment < 0 && !Place(cursor, segments ??= List(), wholeIn))
                return [];
            if (ReadOn(cursor, wholeIn) is { Count: > 0 } lines)
                return lines;
            // At the end of a file: the next one begins with the very number, or behind a gap, or there is none.
            segments = List();
            var next = segments.Find(first => first > cursor.Segment);
            if (next == 0)
                return [];
            // It may have grown between the look into it and the look for another.
            if (ReadOn(cursor, wholeIn) is { Count: > 0 } late)
                return late;
            if (next > cursor.Next)
                cursor.SkipTo(next);
            cursor.Segment = next;
            cursor.Offset = 0;
        }
    }

    /// <summary>The number of the first event that is not older than this.</summary>
    public long Find(DateTimeOffset since)
    {
        foreach (var first in List())
        {
            if (File.GetLastWriteTimeUtc(FileOf(first)) < since.UtcDateTime)
                continue;
            var cursor = new OutboxCursor(first) { Segment = first };
            while (ReadOn(cursor) is { Count: > 0 } lines)
            {
                for (var i = 0; i < lines.Count; i++)
                {
                    if (EventJson.TryRead(lines[i], out var record) && record.Time >= since)
                        return cursor.Next - lines.Count + i;
                }
            }
        }
        return FindEnd();
    }

    /// <summary>Finds the file and the place in it; false where there is no event with that number yet.</summary>
    private bool Place(OutboxCursor cursor, List<long> segments, Func<long, long>? wholeIn)
    {
        if (segments.Count == 0)
            return false;
        if (cursor.Next < segments[0])
            cursor.SkipTo(segments[0]);
        var wanted = cursor.Next;
        cursor.Segment = cursor.Next = segments.FindLast(first => first <= wanted);
        cursor.Offset = 0;
        while (cursor.Next < wanted)
        {
            var (before, at) = (cursor.Next, cursor.Offset);
            var lines = ReadOn(cursor, wholeIn);
            if (lines.Count == 0)
                break;
            if (cursor.Next <= wanted)
                continue;
            cursor.Next = wanted;
            cursor.Offset = at + lines.Take((int)(wanted - before)).Sum(line => (long)line.Length);
        }
        if (cursor.Next == wanted)
            return true;
        // Behind the end of the file: of the last one because the event has not happened, of another one because its end is gone.
        cursor.MoveTo(wanted);
        return segments.Exists(first => first > wanted) && PlaceBehindGap(cursor, segments);
    }

    private static bool PlaceBehindGap(OutboxCursor cursor, List<long> segments)
    {
        var next = segments.Find(first => first > cursor.Next);
        cursor.SkipTo(next);
        cursor.Segment = next;
        cursor.Offset = 0;
        return true;
    }

    /// <summary>Whole lines behind the cursor in its file, and moves it behind them.</summary>
    private List<ReadOnlyMemory<byte>> ReadOn(OutboxCursor cursor, Func<long, long>? wholeIn = null)
    {
        var lines = new List<ReadOnlyMemory<byte>>();
        try
        {
            using var file = File.OpenHandle(FileOf(cursor.Segment), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            for (var size = BatchSize; lines.Count == 0; size *= 4)
            {
                var buffer = new byte[Math.Min(size, Math.Max(0, Math.Min(RandomAccess.GetLength(file), wholeIn?.Invoke(cursor.Segment) ?? long.MaxValue) - cursor.Offset))];
                var count = RandomAccess.Read(file, buffer, cursor.Offset);
                ReadOnlyMemory<byte> read = buffer.AsMemory(0, count);
                for (var end = read.Span.IndexOf((byte)'\n'); end >= 0; end = read.Span.IndexOf((byte)'\n'))
                {
                    lines.Add(read[..(end + 1)]);
                    read = read[(end + 1)..];
                }
                cursor.Offset += count - read.Length;
                if (count < size)
                    break;
            }
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            // Dropped while it was read: the next look at the folder finds what comes behind it.
        }
        cursor.Next += lines.Count;
        return lines;
    }
}
