using System.Globalization;
using System.Text.RegularExpressions;
using Xunit;

namespace PSRegistry.Testing;

/// <summary>The system calls of a running process, watched by strace from <see cref="WatchAsync"/> to <see cref="EndAsync"/>.</summary>
public sealed partial class SystemCalls : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly RunningProgram _strace;

    private SystemCalls(TemporaryFolder folder, RunningProgram strace)
    {
        _folder = folder;
        _strace = strace;
    }

    private string File => _folder["calls"];

    /// <summary>Begins to watch the calls of these <paramref name="names"/>; returns once it does.</summary>
    public static async Task<SystemCalls> WatchAsync(int process, IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        var folder = new TemporaryFolder();
        // All threads; descriptors with their paths; enough of what is sent to know it.
        string[] arguments = ["-f", "-y", "-s", "64", "-e", "trace=" + string.Join(',', names), "-o", folder["calls"], "-p", process.ToString(CultureInfo.InvariantCulture)];
        var calls = new SystemCalls(folder, RunningProgram.Start(new ProgramCommand(Peer.Require("strace"), arguments)));
        await calls._strace.WaitForLineAsync(Attached(), cancellationToken);
        return calls;
    }

    /// <summary>Stops watching; what was called, in the order of the beginnings.</summary>
    public async Task<IReadOnlyList<SystemCall>> EndAsync(CancellationToken cancellationToken)
    {
        _strace.Signal(ProgramSignal.Terminate);
        await _strace.WaitForExitAsync(TimeSpan.FromSeconds(30), cancellationToken);
        var calls = new List<SystemCall>();
        var line = 0;
        foreach (var text in await System.IO.File.ReadAllLinesAsync(File, cancellationToken))
        {
            line++;
            if (Resumed().Match(text) is { Success: true } resumed)
            {
                // A thread is in one call at a time.
                var begun = calls.FindLastIndex(call => call.Thread == resumed.Groups["thread"].Value && call.End is null);
                calls[begun] = calls[begun] with { Text = calls[begun].Text + resumed.Groups["rest"].Value, End = line };
            }
            else if (Begun().Match(text) is { Success: true } call)
            {
                var isWhole = !text.EndsWith("<unfinished ...>", StringComparison.Ordinal);
                calls.Add(new SystemCall(call.Groups["thread"].Value, call.Groups["name"].Value, call.Groups["rest"].Value, line, isWhole ? line : null));
            }
        }
        Assert.NotEmpty(calls);
        return calls;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _strace.DisposeAsync();
        await _folder.DisposeAsync();
    }

    [GeneratedRegex("Process [0-9]+ attached")]
    private static partial Regex Attached();

    [GeneratedRegex(@"^(?<thread>[0-9]+) +(?<name>[a-z0-9_]+)\((?<rest>.*)$")]
    private static partial Regex Begun();

    [GeneratedRegex(@"^(?<thread>[0-9]+) +<\.\.\. [a-z0-9_]+ resumed>(?<rest>.*)$")]
    private static partial Regex Resumed();
}

/// <summary>One call.</summary>
/// <param name="Thread">Who called.</param>
/// <param name="Name">The call, such as <c>rename</c>.</param>
/// <param name="Text">Arguments and result, as strace writes them.</param>
/// <param name="Begin">A point in time: larger is later.</param>
/// <param name="End">When it returned; null when it had not yet.</param>
public sealed record SystemCall(string Thread, string Name, string Text, int Begin, int? End)
{
    /// <summary>Whether it returned 0.</summary>
    public bool IsDone => End is not null && Text.EndsWith("= 0", StringComparison.Ordinal);
}
