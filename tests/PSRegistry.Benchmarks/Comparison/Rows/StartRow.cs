using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using PSRegistry.Benchmarks.Comparison.Targets;
using PSRegistry.Testing;

namespace PSRegistry.Benchmarks.Comparison.Rows;

/// <summary>The time from starting a program to its first answer.</summary>
internal static class StartRow
{
    public static async Task<RowResult> MeasureAsync(IEnumerable<TargetCommand> commands, int runs, string folder, CancellationToken cancellationToken)
    {
        var figures = new List<Figure>();
        // The first round is a rehearsal: it makes folders, fills caches and compiles what measures.
        for (var run = 0; run <= runs; run++)
        {
            foreach (var command in commands)
            {
                var milliseconds = await MeasureAsync(command, Path.Combine(folder, $"start-{command.Kind}"), cancellationToken);
                if (run > 0)
                    figures.Add(new Figure(command.Kind, milliseconds, null));
            }
        }
        return new RowResult("start", "exec to first answer", "ms", new Goal { AtMost = 25, PortableAtMost = 120 }, "") { Figures = [.. figures] };
    }

    private static async Task<double> MeasureAsync(TargetCommand command, string folder, CancellationToken cancellationToken)
    {
        var port = FreePort.Next();
        var start = command.Configure(folder, Path.Combine(folder, "data"), port, tls: null);
        Directory.CreateDirectory(Path.Combine(folder, "data"));
        using var answering = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var clock = Stopwatch.StartNew();
        await using var program = RunningProgram.Start(start);
        while (!Answers(port, command.Kind == TargetKind.Nginx ? "/" : "/v2/"))
        {
            if (program.HasExited || answering.IsCancellationRequested)
                throw new LoadException($"{start} does not answer.\n{program.Output}{program.Error}");
            Thread.Sleep(1);
        }
        var elapsed = clock.Elapsed.TotalMilliseconds;
        program.Signal(ProgramSignal.Terminate);
        await program.WaitForExitAsync(TimeSpan.FromSeconds(30), cancellationToken);
        return elapsed;
    }

    /// <summary>
    /// Any answer will do: nginx has no index to show. A connection that is refused throws nothing: a thousand exceptions a second took a
    /// tenth of the processors from what is measured.
    /// </summary>
    private static bool Answers(int port, string path)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        using var connected = new ManualResetEventSlim();
        using var attempt = new SocketAsyncEventArgs { RemoteEndPoint = new IPEndPoint(IPAddress.Loopback, port) };
        attempt.Completed += (_, _) => connected.Set();
        if (socket.ConnectAsync(attempt))
            connected.Wait();
        if (attempt.SocketError != SocketError.Success)
            return false;
        try
        {
            socket.Send(System.Text.Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"));
            return socket.Receive(new byte[16]) > 0;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
