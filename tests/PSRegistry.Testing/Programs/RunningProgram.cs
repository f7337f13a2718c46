using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Xunit;

namespace PSRegistry.Testing;

/// <summary>
/// A program that keeps running, such as a server: started, waited for, signalled by its id; killed on dispose at the latest.
/// </summary>
public sealed class RunningProgram : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly Process _process;
    private readonly Lock _gate = new();
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();

    private RunningProgram(ProgramCommand command)
    {
        Command = command;
        _process = new Process { StartInfo = command.ToStartInfo() };
        _process.OutputDataReceived += (_, line) => Keep(_output, line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(_error, line.Data);
    }

    /// <summary>What was started.</summary>
    public ProgramCommand Command { get; }

    /// <summary>The id of the process.</summary>
    public int Id => _process.Id;

    /// <summary>Whether the process has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Standard output so far.</summary>
    public string Output => Read(_output);

    /// <summary>Standard error so far.</summary>
    public string Error => Read(_error);

    /// <summary>Starts <paramref name="command"/> and returns at once.</summary>
    public static RunningProgram Start(ProgramCommand command)
    {
        var program = new RunningProgram(command);
        program._process.Start();
        program._process.StandardInput.Close();
        program._process.BeginOutputReadLine();
        program._process.BeginErrorReadLine();
        return program;
    }

    /// <summary>Waits until <paramref name="ready"/> holds; fails with the whole output when the program ends or takes too long.</summary>
    public async Task WaitUntilAsync(string what, Func<CancellationToken, Task<bool>> ready, CancellationToken cancellationToken)
    {
        var waited = Stopwatch.StartNew();
        while (!await ready(cancellationToken))
        {
            if (HasExited)
            {
                await _process.WaitForExitAsync(cancellationToken);
                Assert.Fail($"{Command} ended with {_process.ExitCode} before {what}\n{Output}{Error}");
            }

            if (waited.Elapsed > TimeSpan.FromSeconds(30))
            {
                Assert.Fail($"{Command}: {what} did not come within 30 s\n{Output}{Error}");
            }

            await Task.Delay(Pause, cancellationToken);
        }
    }

    /// <summary>Waits for a line on standard output or standard error that matches <paramref name="pattern"/>.</summary>
    public async Task<Match> WaitForLineAsync(Regex pattern, CancellationToken cancellationToken)
    {
        var match = Match.Empty;
        await WaitUntilAsync($"a line like {pattern}", Matches, cancellationToken);
        return match;

        Task<bool> Matches(CancellationToken token)
        {
            match = pattern.Match($"{Output}\n{Error}");
            return Task.FromResult(match.Success);
        }
    }

    /// <summary>Waits until a connection to <paramref name="port"/> on 127.0.0.1 is accepted.</summary>
    public Task WaitForPortAsync(int port, CancellationToken cancellationToken) =>
        WaitUntilAsync($"port {port} is open", token => IsOpenAsync(port, token), cancellationToken);

    /// <summary>Sends <paramref name="signal"/> to the process.</summary>
    public void Signal(ProgramSignal signal) => Signals.Send(Id, signal);

    /// <summary>The exit code, once the process has ended by itself and all of its output is read.</summary>
    public async Task<int> WaitForExitAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            Assert.Fail($"{Command} did not end within {timeout.TotalSeconds} s\n{Output}{Error}");
        }

        return _process.ExitCode;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private static async Task<bool> IsOpenAsync(int port, CancellationToken cancellationToken)
    {
        using var socket = new TcpClient();
        try
        {
            await socket.ConnectAsync("127.0.0.1", port, cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private void Keep(StringBuilder text, string? line)
    {
        lock (_gate)
        {
            if (line is not null)
            {
                text.Append(line).Append('\n');
            }
        }
    }

    private string Read(StringBuilder text)
    {
        lock (_gate)
        {
            return text.ToString();
        }
    }
}
