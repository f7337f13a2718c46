using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Runtime.InteropServices;

namespace PSRegistry.Server.Telemetry;

/// <summary>What is measured of the process, under the names that every Prometheus dashboard knows, and which build it is.</summary>
internal static class ProcessInstruments
{
    private const string OpenFiles = "/proc/self/fd";

    public static void Add(Meter meter)
    {
        KeyValuePair<string, object?>[] build = [new("version", meter.Version), new("runtime", RuntimeInformation.FrameworkDescription), new("rid", RuntimeInformation.RuntimeIdentifier)];
        meter.CreateObservableGauge("registry.build_info", () => new Measurement<long>(1, build), null, "The build that runs; the value is always 1");
        meter.CreateObservableGauge("process.start_time", StartTime, "s", "When the process began, in seconds since 1970");
        meter.CreateObservableCounter("process.cpu", () => Environment.CpuUsage.TotalTime.TotalSeconds, "s", "Processor time of the process");
        meter.CreateObservableGauge("process.resident_memory", () => Environment.WorkingSet, "By", "Memory of the process that is in use");
        if (OperatingSystem.IsLinux())
            meter.CreateObservableGauge("process.open_fds", CountOpenFiles, "{file}", "Open files and connections of the process");
    }

    private static double StartTime()
    {
        using var process = Process.GetCurrentProcess();
        return (process.StartTime.ToUniversalTime() - DateTime.UnixEpoch).TotalSeconds;
    }

    private static long CountOpenFiles()
    {
        try
        {
            return Directory.EnumerateFileSystemEntries(OpenFiles).Count();
        }
        catch (Exception hidden) when (hidden is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }
}
