using System.Runtime.InteropServices;
using PSRegistry.Server;

namespace PSRegistry.Host;

/// <summary>
/// SIGHUP: the configuration is read again. The same signal tells the programs of a terminal that its window was closed; one that was
/// started there ends with it.
/// </summary>
internal sealed class ReloadSignal : IDisposable
{
    private const string Terminal = "/dev/tty";

    private readonly RegistryServer _server;
    private readonly Action _stop;
    private readonly bool _hadTerminal = HasTerminal();
    private readonly PosixSignalRegistration _registration;

    /// <param name="server">The server that runs.</param>
    /// <param name="stop">Ends the program.</param>
    public ReloadSignal(RegistryServer server, Action stop)
    {
        _server = server;
        _stop = stop;
        _registration = PosixSignalRegistration.Create(PosixSignal.SIGHUP, OnSignal);
    }

    public void Dispose() => _registration.Dispose();

    private void OnSignal(PosixSignalContext signal)
    {
        signal.Cancel = true;
        if (_hadTerminal && !HasTerminal())
            _stop();
        else
            _ = Task.Run(ReloadAsync);
    }

    private async Task ReloadAsync() => await ReloadLine.WriteAsync(Console.Out, await _server.ReloadAsync());

    /// <summary>The system takes the terminal away before it signals; then there is nothing to open.</summary>
    private static bool HasTerminal()
    {
        if (OperatingSystem.IsWindows())
            return true;
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
