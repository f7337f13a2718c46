using Microsoft.Extensions.Logging;
using PSRegistry.Server.Configuration;

namespace PSRegistry.Server.Telemetry;

/// <summary>Hands the log to a program as records, for a caller that has a pipeline instead of a text stream.</summary>
internal sealed class RecordLoggerProvider(LogConfiguration configuration, Action<ServerLogRecord> sink) : ILoggerProvider
{
    /// <summary>What is written; can be changed at any time.</summary>
    public LogLevels Levels { get; } = new(configuration);

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new RecordLogger(configuration, Levels, sink, categoryName);

    /// <summary>Nothing is held.</summary>
    public void Dispose()
    {
    }

    private sealed class RecordLogger(LogConfiguration configuration, LogLevels levels, Action<ServerLogRecord> sink, string category) : ILogger
    {
        private readonly LogLevels.Kind _kind = LogLevels.KindOf(category);

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => levels.IsEnabled(_kind, logLevel);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                // The fields are read now: they look into a request that is gone when the record is shown.
                sink(new ServerLogRecord(
                    DateTimeOffset.UtcNow,
                    (ServerLogLevel)logLevel,
                    formatter(state, exception),
                    [.. LogLine.Fields(state, category, configuration.Fields, exception)]));
            }
        }
    }
}
