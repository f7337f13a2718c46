using System.Text;
using Microsoft.Extensions.Logging;
using PSRegistry.Server.Configuration;
using PSRegistry.Server.Telemetry;

namespace PSRegistry.Server.Tests.Telemetry;

/// <summary>Where lines go, and what becomes of them where they cannot.</summary>
public sealed class LogOutputTests
{
    /// <summary>More than wait at most.</summary>
    private const int Lines = 10_000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void It_is_opened_for_the_first_line_and_once()
    {
        using var output = new StringWriter();
        var opened = 0;
        using (var provider = new RegistryLoggerProvider(new LogConfiguration(), () => ++opened == 1 ? output : throw new InvalidOperationException()))
        {
            Assert.Equal(0, opened);
            Write(provider, "first");
            Write(provider, "second");
        }
        Assert.Equal(1, opened);
        Assert.Equal(2, output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public async Task One_that_cannot_be_opened_stops_nobody()
    {
        using var provider = new RegistryLoggerProvider(new LogConfiguration(), () => throw new UnauthorizedAccessException());
        await Task.Run(() =>
        {
            for (var line = 0; line < Lines; line++)
                Write(provider, "nobody reads this");
        }, Token).WaitAsync(TimeSpan.FromMinutes(1), Token);
    }

    [Fact]
    public void Lines_that_wait_go_together_and_none_is_cut()
    {
        var pieces = new Pieces();
        using (var output = RegistryLoggerProvider.WriterOf(pieces, new UTF8Encoding()))
        using (var provider = new RegistryLoggerProvider(new LogConfiguration(), output))
        {
            for (var line = 0; line < 1_000; line++)
                Write(provider, new string('a', 300));
            pieces.Open();
        }
        Assert.InRange(pieces.Written.Count, 2, 100);
        Assert.All(pieces.Written, piece => Assert.EndsWith("\n", piece, StringComparison.Ordinal));
        Assert.Equal(1_000, string.Concat(pieces.Written).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    private static void Write(RegistryLoggerProvider provider, string line) =>
        provider.CreateLogger("PSRegistry.Server").Log(LogLevel.Information, default, line, null, static (state, _) => state);

    /// <summary>A reader that takes nothing until it is opened.</summary>
    private sealed class Pieces : MemoryStream
    {
        private readonly ManualResetEventSlim _opened = new();

        public List<string> Written { get; } = [];

        public void Open() => _opened.Set();

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            _opened.Wait(cancellationToken);
            Written.Add(Encoding.UTF8.GetString(buffer.Span));
            return default;
        }

        protected override void Dispose(bool disposing)
        {
            _opened.Dispose();
            base.Dispose(disposing);
        }
    }
}
