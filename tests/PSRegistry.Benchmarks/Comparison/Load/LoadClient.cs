using System.Globalization;

namespace PSRegistry.Benchmarks.Comparison.Load;

/// <summary>Our own loads, each in a process of its own: this program again, so that its memory and its collector are no part of the next row.</summary>
internal static class LoadClient
{
    /// <summary>Runs <c>load VERB URL ...</c>.</summary>
    public static async Task<Sample> RunAsync(string verb, Uri url, IEnumerable<string> arguments, CancellationToken cancellationToken) =>
        Read(await OutputAsync(verb, url, arguments, cancellationToken));

    /// <summary>The same, when what was pushed is wanted too.</summary>
    public static async Task<(Sample Sample, string Digest)> UploadAsync(Uri url, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var output = await OutputAsync("upload", url, arguments, cancellationToken);
        return (Read(output), output[output.LastIndexOf("sha256:", StringComparison.Ordinal)..].Trim());
    }

    /// <summary>What a load tells at its end.</summary>
    public static string Tell(Sample sample, string digest = "") => string.Create(CultureInfo.InvariantCulture, $"value {sample.Value:R} work {sample.Work:R} {digest}");

    private static Sample Read(string output) => new(Tool.Number(output, @"value (\S+)"), Tool.Number(output, @"work (\S+)"));

    private static Task<string> OutputAsync(string verb, Uri url, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        string[] load = ["load", verb, url.AbsoluteUri, .. arguments];
        var self = Environment.ProcessPath!;
        return Path.GetFileNameWithoutExtension(self) == "dotnet"
            ? Tool.RunAsync(self, [Path.Combine(AppContext.BaseDirectory, "PSRegistry.Benchmarks.dll"), .. load], cancellationToken)
            : Tool.RunAsync(self, load, cancellationToken);
    }
}
