using System.Runtime.Versioning;
using System.ServiceProcess;
using Microsoft.Extensions.Hosting.WindowsServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.EventLog;

namespace PSRegistry.Host.Services;

/// <summary>
/// <c>psregistry serve</c> under the service manager of Windows. A service has no standard streams: faults that keep it from starting, and
/// warnings and errors later, go to the event log (Application, source .NET Runtime, which is on every Windows).
/// </summary>
[SupportedOSPlatform("windows")]
internal sealed partial class WindowsService : ServiceBase, IServiceNotices
{
    private static readonly TimeSpan Closing = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Starting = TimeSpan.FromMinutes(2);

    private readonly string? _configurationPath;
    private readonly bool _strict;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly StringWriter _faults = new();
    private readonly EventLogLoggerProvider _eventLog = new(new EventLogSettings { Filter = static (_, level) => level >= LogLevel.Warning });
    private Task<int> _serving = Task.FromResult(Host.ExitCode.Stopped);

    private WindowsService(string? configurationPath, bool strict)
    {
        _configurationPath = configurationPath;
        _strict = strict;
        AutoLog = false;
        CanShutdown = true;
    }

    /// <summary>Whether this process was started by the service manager.</summary>
    [SupportedOSPlatformGuard("windows")]
    public static bool IsThisProcess => OperatingSystem.IsWindows() && WindowsServiceHelpers.IsWindowsService();

    /// <summary>Serves until the service manager ends it.</summary>
    public static int Run(string? configurationPath, bool strict)
    {
        using var service = new WindowsService(configurationPath, strict);
        Run(service);
        return service.ExitCode;
    }

    void IServiceNotices.Ready(string status) => _ready.TrySetResult();

    void IServiceNotices.Reloading()
    {
    }

    void IServiceNotices.Stopping(TimeSpan drain)
    {
        try
        {
            RequestAdditionalTime((int)Math.Min((drain + Closing).TotalMilliseconds, int.MaxValue));
        }
        catch (InvalidOperationException)
        {
            // The machine shuts down: it gives everybody the same time and takes no requests for more.
        }
    }

    protected override void OnStart(string[] args)
    {
        RequestAdditionalTime((int)Starting.TotalMilliseconds);
        // The service manager starts in its own folder; relative paths are meant to begin where the configuration lies.
        if (_configurationPath is not null && Path.GetDirectoryName(Path.GetFullPath(_configurationPath)) is { } folder && Directory.Exists(folder))
            Environment.CurrentDirectory = folder;
        _serving = Task.Run(() => ServeCommand.RunAsync(_configurationPath, _strict, new Surroundings(this, () => _faults, _eventLog), _stop.Token));
        if (Task.WaitAny(_ready.Task, _serving) == 1)
        {
            Log.CannotStart(_eventLog.CreateLogger("psregistry"), _faults.ToString());
            throw new InvalidOperationException(_faults.ToString());
        }
        _ = _serving.ContinueWith(_ => EndByItself(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    protected override void OnStop()
    {
        _stop.Cancel();
        _serving.GetAwaiter().GetResult();
    }

    protected override void OnShutdown() => OnStop();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _stop.Dispose();
            _eventLog.Dispose();
            _faults.Dispose();
        }
        base.Dispose(disposing);
    }

    private void EndByItself()
    {
        if (!_stop.IsCancellationRequested)
            Stop();
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Error, Message = "psregistry cannot start: {Faults}")]
        public static partial void CannotStart(ILogger log, string faults);
    }
}
