using System.Runtime.InteropServices;
using PSRegistry.Server;

namespace PSRegistry.Host;

/// <summary>
/// SIGHUP: the configuration is read again. The same signal tells the programs of a terminal that its window was closed; one that was
/// started there ends with it. On Windows it means nothing else.
/// </summary>
internal sealed class ReloadSignal : IDisposable
{
    private const string Terminal = "/dev/tty";

    private readonly Action _stop;
    private readonly bool _hadTerminal = HasTerminal();
    private readonly TaskCompletionSource<RegistryServer> _server = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PosixSignalRegistration _registration;

    /// <param name="stop">Ends the program.</param>
    public ReloadSignal(Action stop)
    {
        _stop = stop;
        _registration = PosixSignalRegistration.Create(PosixSignal.SIGHUP, OnSignal);
    }

    /// <summary>The server runs; what came during its start is made up for.</summary>
    public void Serve(RegistryServer server) => _server.TrySetResult(server);

    public void Dispose() => _registration.Dispose();

    private void OnSignal(PosixSignalContext signal)
    {
        signal.Cancel = true;
        if (OperatingSystem.IsWindows() || (_hadTerminal && !HasTerminal()))
            _stop();
        else
            _ = Task.Run(ReloadAsync);
    }

    private async Task ReloadAsync()
    {
        var server = await _server.Task;
        await ReloadLine.WriteAsync(Console.Out, await server.ReloadAsync());
    }

    /// <summary>The system takes the terminal away before it signals; then there is nothing to open.</summary>
    private static bool HasTerminal()
    {
        if (OperatingSystem.IsWindows())
            return false;
        try
        {
            using var terminal = new FileStream(Terminal, FileMode.Open, FileAccess.Read);
            return true;
        }
        catch (Exception none) when (none is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return false;
        }
    }
}
