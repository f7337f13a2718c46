using Microsoft.Extensions.Logging;
using PSRegistry.Server.Configuration;

namespace PSRegistry.Server.Telemetry;

/// <summary>Hands the log to a program as records, for a caller that has a pipeline instead of a text stream.</summary>
internal sealed class RecordLogging(LogConfiguration configuration, Action<ServerLogRecord> sink) : ILoggerFactory
{
    private LogConfiguration _configuration = configuration;

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new RecordLogger(this, sink, categoryName);

    /// <summary>Goes on with another level and other fields.</summary>
    public void Apply(LogConfiguration configuration) => Volatile.Write(ref _configuration, configuration);

    /// <inheritdoc/>
    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("this logging has one provider, which is itself");

    /// <summary>Nothing is held.</summary>
    public void Dispose()
    {
    }

    private sealed class RecordLogger(RecordLogging owner, Action<ServerLogRecord> sink, string category) : ILogger
    {
        private LeastLevel _least = LeastLevel.Of(owner._configuration, category);

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None && logLevel >= LeastLevel.Current(ref _least, Volatile.Read(ref owner._configuration), category);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                // The fields are read now: they look into a request that is gone when the record is shown.
                sink(new ServerLogRecord(
                    DateTimeOffset.UtcNow,
                    (ServerLogLevel)logLevel,
                    formatter(state, exception),
                    [.. LogLine.Fields(state, category, owner._configuration.Fields, exception)]));
            }
        }
    }
}
