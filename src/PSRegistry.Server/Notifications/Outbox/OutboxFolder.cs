using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;
using PSRegistry.Server.Configuration;
using PSRegistry.Storage.Drivers;

namespace PSRegistry.Server.Notifications;

/// <summary>
/// An outbox on disk. Whoever pushed waits for the flush of the event, together with all who push at that moment; a pull waits for nothing
/// and is flushed within a second, or with the next push.
/// </summary>
internal sealed partial class OutboxFolder : IOutbox
{
    /// <summary>What may wait to be written: pulls beyond that are dropped, pushes wait anyway.</summary>
    private const int WaitingAtMost = 20_000;

    /// <summary>Dropping takes whole files, so there are several of them.</summary>
    private const int FilesAtLeast = 8;

    private readonly FileStream _lock;
    private readonly OutboxSegments _segments;
    private readonly ILogger _log;
    private readonly Lock _gate = new();
    private readonly Lock _files = new();
    private List<Waiting> _waiting = [];
    private bool _running;
    private bool _isClosed;
    private bool _isUnflushed;
    private SafeFileHandle _current;
    private DateTimeOffset _currentSince = DateTimeOffset.UtcNow;
    private volatile Written _written = new(0, 0);
    private long _end;
    private TaskCompletionSource _more = NewSignal();

    private OutboxFolder(string folder, FileStream @lock, OutboxConfiguration limits, ILogger log)
    {
        _lock = @lock;
        _log = log;
        Limits = limits;
        _segments = new OutboxSegments(folder);
        _end = _segments.FindEnd();
        _current = OpenNew(_end);
        Positions = new OutboxPositions(Path.Join(folder, "positions.json"));
        Positions.Limit(_end);
        Positions.Save();
    }

    public OutboxPositions Positions { get; }

    public long End => Volatile.Read(ref _end);

    /// <summary>How many bytes may be kept, and how long.</summary>
    public OutboxConfiguration Limits { get; set; }

    public string Folder => _segments.Folder;

    /// <summary>Events that could not be written, or were too many at once.</summary>
    public long Lost { get; private set; }

    /// <summary>Bytes of events on disk.</summary>
    public long Size => _segments.List().Sum(SizeOf);

    /// <summary>Takes a folder for this server; null when another one has it.</summary>
    /// <exception cref="IOException">It cannot be used.</exception>
    public static OutboxFolder? TryOpen(string folder, OutboxConfiguration limits, ILogger log)
    {
        var name = Path.Join(folder, "lock");
        FileStream held;
        try
        {
            held = new FileStream(name, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (DirectoryNotFoundException)
        {
            return null;
        }
        catch (IOException) when (File.Exists(name))
        {
            return null;
        }
        try
        {
            return new OutboxFolder(folder, held, limits, log);
        }
        catch (DirectoryNotFoundException)
        {
            // Another server emptied it and removed it at this moment.
            held.Dispose();
            return null;
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    public Task AppendAsync(ReadOnlyMemory<byte> line, bool durable)
    {
        var waiting = new Waiting(line, durable ? NewSignal() : null);
        lock (_gate)
        {
            if (_isClosed || (!durable && _waiting.Count >= WaitingAtMost))
            {
                Lost++;
                return Task.CompletedTask;
            }
            Enqueue(waiting);
        }
        return waiting.Done?.Task ?? Task.CompletedTask;
    }

    public IReadOnlyList<ReadOnlyMemory<byte>> Read(OutboxCursor cursor) => cursor.Next >= End ? [] : _segments.Read(cursor, WholeIn);

    public long Find(DateTimeOffset since) => Math.Min(_segments.Find(since), End);

    public async Task WaitAsync(long number, CancellationToken cancellationToken)
    {
        while (true)
        {
            var more = Volatile.Read(ref _more).Task;
            if (number < End)
                return;
            await more.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Flushes what nobody waits for, and lets go of what is delivered and old.</summary>
    /// <param name="readers">Who has to have read a file before it goes.</param>
    public void Maintain(IReadOnlyCollection<string> readers)
    {
        lock (_files)
        {
            if (_isUnflushed)
                Flush();
        }
        // Looked for before it is saved: no file goes that the positions on disk still point into. And saved without the lock, for which pushes wait.
        var read = Positions.Least(readers) ?? End;
        Positions.Save();
        lock (_files)
        {
            if (_written.Length > 0 && DateTimeOffset.UtcNow - _currentSince > Limits.Retention / FilesAtLeast)
                BeginNext();
            var segments = _segments.List();
            for (var i = 0; i < segments.Count - 1 && segments[i + 1] <= read; i++)
            {
                if (DateTime.UtcNow - File.GetLastWriteTimeUtc(_segments.FileOf(segments[i])) >= Limits.Retention)
                    File.Delete(_segments.FileOf(segments[i]));
            }
        }
    }

    /// <summary>Whether one of these readers has not had all of it, or is to have some of it once more.</summary>
    public bool IsWaitedFor(IEnumerable<string> readers) => Positions.Least(readers) < End || ReplayRequest.In(Folder).Any();

    /// <summary>Whether everything in it was read and let go of.</summary>
    public bool IsEmpty => _segments.List().Count <= 1 && _written.Length == 0;

    /// <summary>Removes the folder, which nobody writes to any more.</summary>
    public void Remove()
    {
        lock (_gate)
            _isClosed = true;
        try
        {
            _current.Dispose();
            Directory.Delete(Folder, recursive: true);
        }
        finally
        {
            // What could not be removed is left to whoever looks next.
            _lock.Dispose();
        }
    }

    public async ValueTask DisposeAsync()
    {
        // What was given to it before is written first, in its order; whoever comes later finds it closed.
        var last = new Waiting(ReadOnlyMemory<byte>.Empty, NewSignal());
        lock (_gate)
        {
            if (_isClosed)
                return;
            _isClosed = true;
            Enqueue(last);
        }
        await last.Done!.Task;
        try
        {
            Positions.Save();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            Log.NotSaved(_log, Folder, fault);
        }
        lock (_files)
            _current.Dispose();
        await _lock.DisposeAsync();
    }

    /// <summary>Called under the gate.</summary>
    private void Enqueue(Waiting waiting)
    {
        _waiting.Add(waiting);
        if (_running)
            return;
        _running = true;
        ThreadPool.UnsafeQueueUserWorkItem(static outbox => outbox.Run(), this, preferLocal: false);
    }

    private void Run()
    {
        while (true)
        {
            List<Waiting> batch;
            lock (_gate)
            {
                (batch, _waiting) = (_waiting, []);
                if (batch.Count == 0)
                {
                    _running = false;
                    return;
                }
            }
            lock (_files)
                TryWrite(batch);
            Interlocked.Exchange(ref _more, NewSignal()).TrySetResult();
            foreach (var waiting in batch)
                waiting.Done?.TrySetResult();
        }
    }

    /// <summary>The content is stored already, and whoever pushed it must hear that: an event that cannot be kept is counted and told, no more.</summary>
    private void TryWrite(List<Waiting> batch)
    {
        var count = batch.Count(waiting => !waiting.Line.IsEmpty);
        try
        {
            if (_written.Length >= Limits.MaxSize / FilesAtLeast)
                BeginNext();
            RandomAccess.Write(_current, [.. batch.Select(waiting => waiting.Line)], _written.Length);
            _written = _written with { Length = _written.Length + batch.Sum(waiting => (long)waiting.Line.Length) };
            Volatile.Write(ref _end, _end + count);
            _isUnflushed |= count > 0;
            count = 0;
            if (_isUnflushed && batch.Exists(waiting => waiting.Done is not null))
                Flush();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            lock (_gate)
                Lost += count;
            Log.NotWritten(_log, count, Folder, fault);
            TakeBack();
        }
    }

    /// <summary>A full disk takes some lines of a batch. They were counted as lost, and their numbers go to others.</summary>
    private void TakeBack()
    {
        try
        {
            RandomAccess.SetLength(_current, _written.Length);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            Log.NotTakenBack(_log, Folder, fault);
        }
    }

    private void Flush()
    {
        RandomAccess.FlushToDisk(_current);
        _isUnflushed = false;
    }

    private void BeginNext()
    {
        var before = _current;
        RandomAccess.FlushToDisk(before);
        _current = OpenNew(_end);
        before.Dispose();
        var segments = _segments.List();
        var size = segments.Sum(SizeOf);
        for (var i = 0; i < segments.Count - 1 && size > Limits.MaxSize - Limits.MaxSize / FilesAtLeast; i++)
        {
            size -= SizeOf(segments[i]);
            File.Delete(_segments.FileOf(segments[i]));
            Log.Full(_log, Folder, Limits.MaxSize, segments[i + 1] - segments[i]);
        }
    }

    /// <summary>The new file replaces one of its name: that holds no whole line, only the torn beginning of one.</summary>
    private SafeFileHandle OpenNew(long first)
    {
        var file = File.OpenHandle(_segments.FileOf(first), FileMode.Create, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        DurableFile.FlushFolder(Folder);
        (_written, _currentSince) = (new Written(first, 0), DateTimeOffset.UtcNow);
        return file;
    }

    /// <summary>How much of a file counts: what is being written to the last one may yet fail.</summary>
    private long WholeIn(long segment) => _written is var written && segment == written.First ? written.Length : long.MaxValue;

    private long SizeOf(long segment)
    {
        try
        {
            return _written is var written && segment == written.First ? written.Length : new FileInfo(_segments.FileOf(segment)).Length;
        }
        catch (FileNotFoundException)
        {
            return 0;
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>How long the file is that is written to; both at once, for those who read meanwhile.</summary>
    private sealed record Written(long First, long Length);

    private readonly record struct Waiting(ReadOnlyMemory<byte> Line, TaskCompletionSource? Done);

    private static partial class Log
    {
        [LoggerMessage(EventId = 73, Level = LogLevel.Error, Message = "the outbox {Folder} could not be written to or flushed; {Count} events are lost")]
        public static partial void NotWritten(ILogger log, int count, string folder, Exception fault);

        [LoggerMessage(EventId = 74, Level = LogLevel.Warning, Message = "the outbox {Folder} is full ({MaxSize} bytes): its oldest {Count} events were dropped. Endpoints that have not had them will not get them")]
        public static partial void Full(ILogger log, string folder, int maxSize, long count);

        [LoggerMessage(EventId = 75, Level = LogLevel.Warning, Message = "the positions in the outbox {Folder} could not be written: some events will be delivered twice")]
        public static partial void NotSaved(ILogger log, string folder, Exception fault);

        [LoggerMessage(EventId = 71, Level = LogLevel.Error, Message = "what a failed write left in the outbox {Folder} could not be taken back: some events may be delivered under the numbers of others")]
        public static partial void NotTakenBack(ILogger log, string folder, Exception fault);
    }
}
