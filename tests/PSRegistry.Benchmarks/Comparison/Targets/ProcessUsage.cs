using System.Globalization;

namespace PSRegistry.Benchmarks.Comparison.Targets;

/// <summary>What a server and its children have used, from <c>/proc</c>.</summary>
internal static class ProcessUsage
{
    /// <summary>The unit of <c>/proc/PID/stat</c>, the same on every Linux.</summary>
    private const double TicksPerSecond = 100;

    /// <summary>Processor seconds so far, user and system.</summary>
    public static double ProcessorSeconds(int processId) => Tree(processId).Sum(id =>
    {
        var stat = Stat(id);
        return (long.Parse(stat[11], CultureInfo.InvariantCulture) + long.Parse(stat[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
    });

    /// <summary>MiB resident now.</summary>
    public static double ResidentNow(int processId) => Tree(processId).Sum(id => Status(id, "VmRSS:"));

    /// <summary>The most MiB that were resident.</summary>
    public static double ResidentPeak(int processId) => Tree(processId).Sum(id => Status(id, "VmHWM:"));

    private static IEnumerable<int> Tree(int processId)
    {
        yield return processId;
        var children = File.ReadAllText($"/proc/{processId}/task/{processId}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        foreach (var child in children.SelectMany(child => Tree(int.Parse(child, CultureInfo.InvariantCulture))))
            yield return child;
    }

    /// <summary>The fields behind the program's name, which may hold spaces and brackets.</summary>
    private static string[] Stat(int processId)
    {
        var text = File.ReadAllText($"/proc/{processId}/stat");
        return text[(text.LastIndexOf(')') + 2)..].Split(' ');
    }

    private static double Status(int processId, string name)
    {
        var line = File.ReadLines($"/proc/{processId}/status").First(line => line.StartsWith(name, StringComparison.Ordinal));
        return double.Parse(line[name.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) / 1024;
    }
}
