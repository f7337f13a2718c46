using System.Globalization;
using System.Text.RegularExpressions;
using PSRegistry.Testing;

namespace PSRegistry.Benchmarks.Comparison.Load;

/// <summary>Runs a program that loads a server and reads what it tells.</summary>
internal static class Tool
{
    /// <summary>Standard output of a run that ended with 0.</summary>
    public static async Task<string> RunAsync(string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var run = await ProgramRun.OfAsync(new ProgramCommand(program, arguments) { Timeout = TimeSpan.FromMinutes(10) }, cancellationToken);
        return run.ExitCode == 0 ? run.Output : throw new LoadException($"{run.Command} ended with {run.ExitCode}\n{Start(run.Output + run.Error)}");
    }

    /// <summary>The number that the first group of the pattern holds.</summary>
    public static double Number(string output, string pattern)
    {
        var match = Regex.Match(output, pattern);
        return match.Success
            ? double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)
            : throw new LoadException($"'{pattern}' is nowhere in\n{Start(output)}");
    }

    /// <summary>Enough to see what is wrong.</summary>
    private static string Start(string output) => output[..Math.Min(output.Length, 600)];
}
