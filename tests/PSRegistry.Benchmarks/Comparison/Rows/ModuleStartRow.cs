using System.Globalization;
using PSRegistry.Benchmarks.Comparison.Load;
using PSRegistry.Benchmarks.Comparison.Targets;
using PSRegistry.Testing;

namespace PSRegistry.Benchmarks.Comparison.Rows;

/// <summary>The time of the first <c>Start-RegistryServer</c> of a session that has loaded the module as it is packaged.</summary>
internal static class ModuleStartRow
{
    private const string Script = "$null = Get-Command Start-RegistryServer; $clock = [Diagnostics.Stopwatch]::StartNew(); $null = Start-RegistryServer -InMemory; $clock.Elapsed.TotalMilliseconds; Get-RegistryServer | Stop-RegistryServer";

    /// <summary>Makes the package, and measures it in pwsh; without one in the shell of the tests, whose engine is compiled as it starts.</summary>
    /// <param name="runs">How many sessions.</param>
    /// <param name="folder">Where the package goes.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<RowResult> MeasureAsync(int runs, string folder, CancellationToken cancellationToken)
    {
        var module = Path.Combine(Programs.Repository(), "src", "PSRegistry.Module");
        await Tool.RunAsync("dotnet", ["build", module, "-c", "Release", "-t:Package", $"-p:PackageFolder={folder}", "-v", "quiet"], cancellationToken);
        var script = $"Import-Module '{Path.Combine(folder, "PSRegistry", "PSRegistry.psd1")}'; {Script}";
        var pwsh = Peer.Find("pwsh");
        string[] arguments = pwsh is null ? [Shell(Path.Combine(folder, "shell")), "-c", script] : ["-NoProfile", "-NonInteractive", "-c", script];
        var figures = new List<Figure>();
        for (var run = 0; run < runs; run++)
        {
            var output = await Tool.RunAsync(pwsh ?? "dotnet", arguments, cancellationToken);
            figures.Add(new Figure(TargetKind.Ours, double.Parse(output.Trim(), CultureInfo.InvariantCulture), null));
        }
        return new RowResult("start", pwsh is null ? "Start-RegistryServer, module loaded, in the tests' shell" : "Start-RegistryServer, module loaded", "ms", new Goal { AtMost = 90 }, "") { Figures = [.. figures] };
    }

    /// <summary>A copy away from the checkout, whose module it would load.</summary>
    private static string Shell(string folder)
    {
        var configuration = new DirectoryInfo(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)).Parent!.Name;
        var built = Path.Combine(Programs.Repository(), "tests", "PSRegistry.Shell", "bin", configuration, "net10.0");
        foreach (var file in Directory.EnumerateFiles(built, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(folder, Path.GetRelativePath(built, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy, overwrite: true);
        }
        return Path.Combine(folder, "PSRegistry.Shell.dll");
    }
}
