using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;

namespace PSRegistry.Server.Auth;

/// <summary>
/// The users of an htpasswd file, read again when the file changes: written over, replaced by another, or taken away. What cannot
/// be read lets nobody in, because nobody can tell any more whose access was withdrawn.
/// </summary>
internal sealed partial class HtpasswdFile(string path, ILogger log) : IUserSource
{
    /// <summary>Looking at the file takes a few system calls; a withdrawn user may pull for this long.</summary>
    private const long LookEveryMilliseconds = 200;

    /// <summary>A file this young may change once more without looking any different.</summary>
    private static readonly TimeSpan Young = TimeSpan.FromSeconds(2);

    // A shell that serves may go to another folder meanwhile.
    private readonly string _path = Path.GetFullPath(path);
    private readonly Lock _reading = new();
    private State? _state;
    private long _lookedAt = long.MinValue;

    /// <summary>The users; null while the file cannot be read.</summary>
    public HtpasswdUsers? Current()
    {
        var now = Environment.TickCount64;
        if (Volatile.Read(ref _state) is { } state && now - Volatile.Read(ref _lookedAt) < LookEveryMilliseconds)
            return state.Users;
        lock (_reading)
        {
            if (_state is null || now - _lookedAt >= LookEveryMilliseconds)
            {
                Volatile.Write(ref _state, Look(_state));
                Volatile.Write(ref _lookedAt, now);
            }
            return _state!.Users;
        }
    }

    private State Look(State? before)
    {
        try
        {
            // Opened, not looked at by name: a name can be a link, and what changes is then behind it.
            using var file = new FileStream(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var handle = file.SafeFileHandle;
            var stamp = new Stamp(File.GetLastWriteTimeUtc(handle), File.GetCreationTimeUtc(handle), file.Length);
            if (before is { Users: not null, IsYoung: false } && before.Stamp == stamp)
                return before;
            using var reader = new StreamReader(file);
            var text = reader.ReadToEnd();
            var isYoung = DateTime.UtcNow - stamp.Written < Young;
            if (before is { Users: not null } && before.Text == text)
                return before with { Stamp = stamp, IsYoung = isYoung };
            var users = HtpasswdUsers.Parse(text);
            Tell(handle, users, isFirst: before is null);
            return new State(users, text, stamp, isYoung);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            if (before is not { Users: null })
                Log.Unreadable(log, _path, fault.Message);
            return new State(null, "", default, true);
        }
    }

    /// <summary>What is wrong with lines at the start was told with the other faults of the configuration.</summary>
    private void Tell(SafeFileHandle file, HtpasswdUsers users, bool isFirst)
    {
        Log.Read(log, _path, users.Count);
        foreach (var remark in isFirst ? [] : users.Remarks)
            Log.Remark(log, _path, remark);
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & UnixFileMode.OtherWrite) != 0)
            Log.Writable(log, _path);
    }

    /// <param name="Users">Who may come in; null when the file could not be read.</param>
    /// <param name="Text">What the file said.</param>
    /// <param name="Stamp">How it looked.</param>
    /// <param name="IsYoung">Whether its looks alone do not tell whether it changed.</param>
    private sealed record State(HtpasswdUsers? Users, string Text, Stamp Stamp, bool IsYoung)
    {
        public override string ToString() => "(users)";
    }

    private readonly record struct Stamp(DateTime Written, DateTime Created, long Length);

    private static partial class Log
    {
        [LoggerMessage(EventId = 40, Level = LogLevel.Information, Message = "{File} has {Count} users")]
        public static partial void Read(ILogger log, string file, int count);

        [LoggerMessage(EventId = 41, Level = LogLevel.Warning, Message = "{File}, {Remark}")]
        public static partial void Remark(ILogger log, string file, string remark);

        [LoggerMessage(EventId = 42, Level = LogLevel.Error, Message = "{File} cannot be read ({Reason}): nobody can log in until it can")]
        public static partial void Unreadable(ILogger log, string file, string reason);

        [LoggerMessage(EventId = 43, Level = LogLevel.Warning, Message = "everybody on this machine may write to {File} and give themselves access: chmod o-w")]
        public static partial void Writable(ILogger log, string file);
    }
}
