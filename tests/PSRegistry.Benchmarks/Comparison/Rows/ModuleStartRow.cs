using System.Globalization;
using PSRegistry.Benchmarks.Comparison.Load;
using PSRegistry.Benchmarks.Comparison.Targets;

namespace PSRegistry.Benchmarks.Comparison.Rows;

/// <summary>The time of the first <c>Start-RegistryServer</c> of a session that has loaded the module.</summary>
internal static class ModuleStartRow
{
    private const string Script = "$null = Get-Command Start-RegistryServer; $clock = [Diagnostics.Stopwatch]::StartNew(); $null = Start-RegistryServer -InMemory; $clock.Elapsed.TotalMilliseconds; Get-RegistryServer | Stop-RegistryServer";

    /// <summary>Measures it in the shell of the tests.</summary>
    public static async Task<RowResult> MeasureAsync(int runs, CancellationToken cancellationToken)
    {
        var shell = Path.Combine(Programs.Repository(), "tests", "PSRegistry.Shell");
        var configuration = new DirectoryInfo(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)).Parent!.Name;
        var figures = new List<Figure>();
        for (var run = 0; run < runs; run++)
        {
            var output = await Tool.RunAsync("dotnet", [Path.Combine(shell, "bin", configuration, "net10.0", "PSRegistry.Shell.dll"), "-c", Script], cancellationToken);
            figures.Add(new Figure(TargetKind.Ours, double.Parse(output.Trim(), CultureInfo.InvariantCulture), null));
        }
        return new RowResult("start", "Start-RegistryServer, module loaded", "ms", new Goal { AtMost = 90 }, "") { Figures = [.. figures] };
    }
}
