using System.Text;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using PSRegistry.Server.Configuration;
using PSRegistry.Storage;

namespace PSRegistry.Server.Telemetry;

/// <summary>
/// The audit in a file of its own (<c>log.audit.path</c>): a line of JSON for each event, appended and flushed to the disk, all those that wait at
/// once. The file is opened anew each time, so that whoever rotates it has only to rename it; several servers may write to one. Where it cannot be
/// written, the lines go to the log.
/// </summary>
internal sealed partial class AuditFile : ILogger, IAsyncDisposable
{
    private const int WaitingLines = 8192;

    private readonly Channel<LogRecord> _records = Channel.CreateBounded<LogRecord>(new BoundedChannelOptions(WaitingLines) { SingleReader = true });
    private readonly string _path;
    private readonly IReadOnlyDictionary<string, string> _fields;
    private readonly ILogger _otherwise;
    private readonly ILogger _log;
    private readonly Task _writing;
    private bool _isBroken;

    /// <summary>At first it may be another one's crash that left a part of a line.</summary>
    private bool _mayBeTorn = true;

    /// <param name="path">The file; made when it is not there.</param>
    /// <param name="fields">Fixed fields of every line.</param>
    /// <param name="otherwise">Takes the lines that cannot be written.</param>
    /// <param name="log">Is told why.</param>
    /// <exception cref="RegistryStartException">The file cannot be written.</exception>
    public AuditFile(string path, IReadOnlyDictionary<string, string> fields, ILogger otherwise, ILogger log)
    {
        (_path, _fields, _otherwise, _log) = (path, fields, otherwise, log);
        try
        {
            AppendedFile.Append(path, [], mayBeTorn: false);
        }
        catch (Exception fault) when (IsFault(fault))
        {
            throw new RegistryStartException(
                StartFailure.Setting, $"the audit file '{path}' cannot be written: {fault.Message} Give the registry's user the rights, or set log.audit.path to another file.", fault);
        }
        _writing = Task.Run(WriteAsync);
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel is LogLevel.Information;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var record = new LogRecord(DateTimeOffset.UtcNow, logLevel, formatter(state, exception), [.. LogLine.Fields(state, "PSRegistry", _fields, exception)]);
        // A disk that is slower than the clients slows them down: no event is left out.
        if (!_records.Writer.TryWrite(record))
            _records.Writer.WriteAsync(record).AsTask().ContinueWith(static _ => { }, TaskScheduler.Default).Wait();
    }

    /// <summary>Writes what still waits.</summary>
    public async ValueTask DisposeAsync()
    {
        _records.Writer.TryComplete();
        await _writing;
    }

    private async Task WriteAsync()
    {
        var waiting = new List<LogRecord>();
        while (await _records.Reader.WaitToReadAsync())
        {
            waiting.Clear();
            while (waiting.Count < WaitingLines && _records.Reader.TryRead(out var record))
                waiting.Add(record);
            Write(waiting);
        }
    }

    private void Write(List<LogRecord> records)
    {
        try
        {
            AppendedFile.Append(_path, Encoding.UTF8.GetBytes(string.Concat(records.Select(record => LogLine.Format(LogFormatter.Json, record) + "\n"))), _mayBeTorn);
            _isBroken = _mayBeTorn = false;
        }
        catch (Exception fault) when (IsFault(fault))
        {
            if (!_isBroken)
                Messages.Broken(_log, _path, fault.Message);
            _isBroken = _mayBeTorn = true;
            foreach (var record in records.Where(record => _otherwise.IsEnabled(record.Level)))
            {
                var fields = record.Fields.ToList();
                _otherwise.Log(record.Level, default, fields, null, (_, _) => record.Message);
            }
        }
    }

    private static bool IsFault(Exception fault) => fault is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException;

    private static partial class Messages
    {
        [LoggerMessage(EventId = 81, Level = LogLevel.Error, Message = "the audit file {Path} cannot be written ({Reason}): what happens is told here until it can be")]
        public static partial void Broken(ILogger log, string path, string reason);
    }
}
