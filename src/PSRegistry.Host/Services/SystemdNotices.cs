using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using Microsoft.Extensions.Hosting.Systemd;

namespace PSRegistry.Host.Services;

/// <summary>
/// What systemd is told of a service of Type=notify or notify-reload, by the socket of NOTIFY_SOCKET: that it is ready, reloads, stops, and is
/// alive where a watchdog waits for that. Without the socket nothing is said, and a socket that is gone stops nobody.
/// </summary>
internal sealed class SystemdNotices : IServiceNotices, IDisposable
{
    /// <summary>On top of the time for draining: closing files, flushing the log.</summary>
    private static readonly TimeSpan Closing = TimeSpan.FromSeconds(15);

    private readonly SystemdNotifier _systemd = new();
    private readonly Timer? _watchdog;

    public SystemdNotices()
    {
        // Half of the time, as sd_watchdog_enabled(3) advises. From the pool of threads that answers requests: where that is stuck, so is this.
        if (_systemd.IsEnabled && WatchdogTime() is { } time)
            _watchdog = new Timer(_ => Tell("WATCHDOG=1"), null, TimeSpan.Zero, time / 2);
    }

    public void Ready(string status) => Tell($"READY=1\nSTATUS={OnOneLine(status)}");

    /// <remarks>Since version 253 the time tells systemd which request this answers.</remarks>
    public void Reloading() =>
        Tell(string.Create(CultureInfo.InvariantCulture, $"RELOADING=1\nMONOTONIC_USEC={Stopwatch.GetElapsedTime(0).Ticks / TimeSpan.TicksPerMicrosecond}\nSTATUS=reading the configuration again"));

    /// <remarks>The time that the configuration gives is asked for, even where the unit says less.</remarks>
    public void Stopping(TimeSpan drain) =>
        Tell(string.Create(CultureInfo.InvariantCulture, $"STOPPING=1\nEXTEND_TIMEOUT_USEC={(drain + Closing).TotalMicroseconds:F0}\nSTATUS=lets requests in flight end"));

    public void Dispose() => _watchdog?.Dispose();

    private void Tell(string state)
    {
        try
        {
            _systemd.Notify(new ServiceState(state));
        }
        catch (SocketException)
        {
            // systemd is being replaced or the socket was taken away. It asks again by its own timeouts; clients must not suffer for it.
        }
    }

    /// <summary>WATCHDOG_PID names the process that is meant: the variable is inherited by whatever a service starts.</summary>
    private static TimeSpan? WatchdogTime() =>
        Environment.GetEnvironmentVariable("WATCHDOG_PID") is { Length: > 0 } process && process != Environment.ProcessId.ToString(CultureInfo.InvariantCulture)
        || !long.TryParse(Environment.GetEnvironmentVariable("WATCHDOG_USEC"), NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds)
        || microseconds is <= 0 or > (long)int.MaxValue * 1000
            ? null
            : TimeSpan.FromMicroseconds(microseconds);

    private static string OnOneLine(string status) => status.ReplaceLineEndings(" ");
}
