using Microsoft.Extensions.Logging;
using PSRegistry.Server.Configuration;

namespace PSRegistry.Server.Telemetry;

/// <summary>Hands the log to a program as records, for a caller that has a pipeline instead of a text stream.</summary>
internal sealed class RecordLoggerProvider(LogConfiguration configuration, Action<ServerLogRecord> sink) : ILoggerProvider
{
    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new RecordLogger(configuration, sink, categoryName);

    /// <summary>Nothing is held.</summary>
    public void Dispose()
    {
    }

    private sealed class RecordLogger(LogConfiguration configuration, Action<ServerLogRecord> sink, string category) : ILogger
    {
        private readonly LogLevel _level = configuration.LevelOf(category);

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None && logLevel >= _level;

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
