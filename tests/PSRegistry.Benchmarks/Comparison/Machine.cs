using System.Globalization;
using System.Runtime.InteropServices;

namespace PSRegistry.Benchmarks.Comparison;

/// <summary>What the figures were taken on: without it they say nothing.</summary>
internal static class Machine
{
    public static IEnumerable<string> Describe(string folder, string command)
    {
        yield return string.Create(CultureInfo.InvariantCulture, $"Date: {DateTime.UtcNow:yyyy-MM-dd HH:mm} UTC");
        yield return $"Machine: {Environment.ProcessorCount} cores of {Field("/proc/cpuinfo", "model name")}, memory {Field("/proc/meminfo", "MemTotal")}, {RuntimeInformation.OSDescription}, disk {new DriveInfo(folder).DriveFormat}";
        yield return $"Command: `{command}`";
    }

    private static string Field(string file, string name) =>
        File.ReadLines(file).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal)) is { } line ? line[(line.IndexOf(':') + 1)..].Trim() : "unknown";
}
