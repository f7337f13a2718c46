using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;

namespace PSRegistry.Server.Auth;

/// <summary>
/// The users of an htpasswd file, read again when the file changes. What cannot be read lets nobody in, because nobody can tell any
/// more whose access was withdrawn.
/// </summary>
internal sealed partial class HtpasswdFile : IUserSource
{
    private readonly RereadFile<HtpasswdUsers> _file;
    private readonly ILogger _log;

    public HtpasswdFile(string path, ILogger log) => (_file, _log) = (new RereadFile<HtpasswdUsers>(path, Read, Unreadable), log);

    /// <summary>The users; null while the file cannot be read.</summary>
    public HtpasswdUsers? Current() => _file.Current();

    private HtpasswdUsers Read(ReadText text, HtpasswdUsers? before)
    {
        var users = HtpasswdUsers.Parse(text.Text, before);
        Tell(text.File, users, text.IsFirst);
        return users;
    }

    private HtpasswdUsers? Unreadable(Exception fault, HtpasswdUsers? before)
    {
        Log.Unreadable(_log, _file.Path, fault.Message);
        return null;
    }

    /// <summary>What is wrong with lines at the start was told with the other faults of the configuration.</summary>
    private void Tell(SafeFileHandle file, HtpasswdUsers users, bool isFirst)
    {
        Log.Read(_log, _file.Path, users.Count);
        foreach (var remark in isFirst ? [] : users.Remarks)
            Log.Remark(_log, _file.Path, remark);
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & UnixFileMode.OtherWrite) != 0)
            Log.Writable(_log, _file.Path);
    }

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
