using System.Globalization;
using System.Text.RegularExpressions;
using PSRegistry.Testing;

namespace PSRegistry.Benchmarks.Comparison.Load;

/// <summary>HTTP/2 by h2load: 8 connections of 4 streams each, so that as many requests are under way as with HTTP/1.1.</summary>
internal static class H2Load
{
    public static async Task<Sample> RequestAsync(string h2load, string method, Uri url, int seconds, CancellationToken cancellationToken)
    {
        var duration = seconds.ToString(CultureInfo.InvariantCulture);
        string[] arguments = ["-t2", "-c8", "-m4", "-D", duration, "-H", $":method: {method}", "-H", $"accept: {ImageMediaTypes.OciManifest}", url.AbsoluteUri];
        var output = Checked(await Tool.RunAsync(h2load, arguments, cancellationToken), url);
        return new Sample(Tool.Number(output, @"([\d.]+) req/s"), Tool.Number(output, @"(\d+) succeeded"));
    }

    /// <summary>Pulls of a large body; MB/s. The windows are those of a client that wants speed.</summary>
    public static async Task<Sample> PullAsync(string h2load, Uri url, int readers, int count, CancellationToken cancellationToken)
    {
        var (n, c) = (count.ToString(CultureInfo.InvariantCulture), readers.ToString(CultureInfo.InvariantCulture));
        var output = Checked(await Tool.RunAsync(h2load, [$"-n{n}", $"-c{c}", "-m1", "-w24", "-W26", url.AbsoluteUri], cancellationToken), url);
        var bytes = Tool.Number(output, @"\((\d+)\) data");
        var unit = Regex.IsMatch(output, @"finished in [\d.]+ms") ? 1e-3 : 1;
        return new Sample(bytes / 1e6 / (Tool.Number(output, @"finished in ([\d.]+)") * unit), bytes / 1e9);
    }

    private static string Checked(string output, Uri url)
    {
        if (!output.Contains("Application protocol: h2", StringComparison.Ordinal))
            throw new LoadException($"{url} was not served by HTTP/2\n{output}");
        if (Tool.Number(output, @"(\d+) failed") + Tool.Number(output, @"(\d+) 4xx") + Tool.Number(output, @"(\d+) 5xx") > 0)
            throw new LoadException($"h2load {url}\n{output}");
        return output;
    }
}
