using Microsoft.Win32.SafeHandles;

namespace PSRegistry.Server.Auth;

/// <summary>What a small file says, read again when it changes: written over, replaced by another, or taken away.</summary>
/// <typeparam name="T">What its text means.</typeparam>
/// <param name="path">The file.</param>
/// <param name="read">Makes of a new text, and of what the one before meant, what counts from now on.</param>
/// <param name="unreadable">Makes of a fault and of what counted before what counts from now on; asked once until the file can be read again.</param>
internal sealed class RereadFile<T>(string path, Func<ReadText, T?, T?> read, Func<Exception, T?, T?> unreadable)
    where T : class
{
    /// <summary>Looking at the file takes a few system calls; what was withdrawn may count for this long.</summary>
    private const long LookEveryMilliseconds = 200;

    /// <summary>A file this young may change once more without looking any different.</summary>
    private static readonly TimeSpan Young = TimeSpan.FromSeconds(2);

    private readonly Lock _reading = new();
    private State? _state;
    private long _lookedAt = long.MinValue;

    /// <summary>Where it is; absolute, because a shell that serves may go to another folder meanwhile.</summary>
    public string Path { get; } = System.IO.Path.GetFullPath(path);

    /// <summary>What counts at the moment.</summary>
    public T? Current()
    {
        var now = Environment.TickCount64;
        if (Volatile.Read(ref _state) is { } state && now - Volatile.Read(ref _lookedAt) < LookEveryMilliseconds)
            return state.Value;
        lock (_reading)
        {
            if (_state is null || now - _lookedAt >= LookEveryMilliseconds)
            {
                Volatile.Write(ref _state, Look(_state));
                Volatile.Write(ref _lookedAt, now);
            }
            return _state!.Value;
        }
    }

    private State Look(State? before)
    {
        try
        {
            // Opened, not looked at by name: a name can be a link, and what changes is then behind it.
            using var file = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var handle = file.SafeFileHandle;
            var stamp = new Stamp(File.GetLastWriteTimeUtc(handle), File.GetCreationTimeUtc(handle), file.Length);
            if (before is { Text: not null, IsYoung: false } && before.Stamp == stamp)
                return before;
            using var reader = new StreamReader(file);
            var text = reader.ReadToEnd();
            var isYoung = DateTime.UtcNow - stamp.Written < Young;
            return before?.Text == text
                ? before with { Stamp = stamp, IsYoung = isYoung }
                : new State(read(new ReadText(text, handle, before is null), before?.Value), text, stamp, isYoung);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return before is { Text: null } ? before : new State(unreadable(fault, before?.Value), null, default, true);
        }
    }

    /// <param name="Value">What counts.</param>
    /// <param name="Text">What the file said; null when it could not be read.</param>
    /// <param name="Stamp">How it looked.</param>
    /// <param name="IsYoung">Whether its looks alone do not tell whether it changed.</param>
    private sealed record State(T? Value, string? Text, Stamp Stamp, bool IsYoung)
    {
        public override string ToString() => "(read)";
    }

    private readonly record struct Stamp(DateTime Written, DateTime Created, long Length);
}

/// <summary>A file that was read.</summary>
/// <param name="Text">What it says.</param>
/// <param name="File">The file, still open.</param>
/// <param name="IsFirst">Whether it was read for the first time.</param>
internal sealed record ReadText(string Text, SafeFileHandle File, bool IsFirst)
{
    public override string ToString() => "(text)";
}
