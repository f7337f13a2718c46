using System.Text;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using PSRegistry.Server.Configuration;

namespace PSRegistry.Server.Telemetry;

/// <summary>
/// Writes log lines to a text stream from a thread of its own, so that no request waits for a terminal or a pipe. When the
/// reader of the stream stalls, lines wait up to a bound, and then requests wait with them rather than losing lines.
/// It is a whole logging as it is, or one provider of another.
/// </summary>
public sealed class RegistryLoggerProvider : ILoggerProvider, ILoggerFactory
{
    private const int WaitingLines = 8192;

    /// <summary>
    /// Lines that wait are gathered until they are so many characters, and written in one piece: a system call for each line was an eighth of a
    /// request's time.
    /// </summary>
    private const int Piece = 8 * 1024;

    /// <summary>Larger by a line, which it would cut otherwise.</summary>
    private const int WriterBuffer = 2 * Piece;

    private LogConfiguration _configuration;
    private readonly Func<TextWriter> _output;
    private readonly Channel<string> _lines = Channel.CreateBounded<string>(new BoundedChannelOptions(WaitingLines) { SingleReader = true });
    private readonly Lazy<Task> _writing;

    /// <summary>Writes to a stream that is open.</summary>
    /// <param name="configuration">Level, form and extra fields.</param>
    /// <param name="output">Where to; not closed at the end.</param>
    public RegistryLoggerProvider(LogConfiguration configuration, TextWriter output)
        : this(configuration, () => output)
    {
        ArgumentNullException.ThrowIfNull(output);
    }

    /// <summary>Writes to what is opened for the first line.</summary>
    /// <param name="configuration">Level, form and extra fields.</param>
    /// <param name="output">Opens where to; not closed at the end.</param>
    public RegistryLoggerProvider(LogConfiguration configuration, Func<TextWriter> output)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(output);
        _configuration = configuration;
        _output = output;
        _writing = new Lazy<Task>(() => Task.Run(WriteLinesAsync));
    }

    /// <summary>A writer whose lines go whole. The console's own sends one of more than 256 characters in two pieces, and others may come between.</summary>
    /// <param name="output">Where they go.</param>
    /// <param name="encoding">How their characters are written.</param>
    public static TextWriter WriterOf(Stream output, Encoding encoding) => new StreamWriter(output, encoding, WriterBuffer);

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new RegistryLogger(this, categoryName);

    /// <summary>Goes on with another level, form and fields.</summary>
    public void Apply(LogConfiguration configuration) => Volatile.Write(ref _configuration, configuration);

    /// <summary>There is no other.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("this logging has one provider, which is itself");

    /// <summary>Writes what still waits.</summary>
    public void Dispose()
    {
        _lines.Writer.TryComplete();
        if (_writing.IsValueCreated)
            _writing.Value.Wait(TimeSpan.FromSeconds(5));
    }

    private async Task WriteLinesAsync()
    {
        TextWriter? output = null;
        var unwritten = 0;
        await foreach (var line in _lines.Reader.ReadAllAsync())
        {
            try
            {
                output ??= _output();
                await output.WriteLineAsync(line);
                unwritten += line.Length;
                if (unwritten >= Piece || _lines.Reader.Count == 0)
                {
                    unwritten = 0;
                    await output.FlushAsync();
                }
            }
            catch (Exception)
            {
                // Nobody reads the stream any more, or it cannot be opened. The registry goes on without this line, as it would under any
                // supervisor. Whatever the reason: were nobody left to take lines, requests would wait for room for ever.
            }
        }
    }

    private void Write(string line)
    {
        _ = _writing.Value;
        if (!_lines.Writer.TryWrite(line))
            _lines.Writer.WriteAsync(line).AsTask().ContinueWith(static _ => { }, TaskScheduler.Default).Wait();
    }

    private sealed class RegistryLogger(RegistryLoggerProvider owner, string category) : ILogger
    {
        private LeastLevel _least = LeastLevel.Of(owner._configuration, category);

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None && logLevel >= LeastLevel.Current(ref _least, Volatile.Read(ref owner._configuration), category);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel))
                return;
            var configuration = Volatile.Read(ref owner._configuration);
            owner.Write(LogLine.Format(configuration.Formatter, new LogRecord(
                DateTimeOffset.UtcNow,
                logLevel,
                formatter(state, exception),
                LogLine.Fields(state, category, configuration.Fields, exception))));
        }
    }
}
