using System.Globalization;
using PSRegistry.Testing;

namespace PSRegistry.Benchmarks.Comparison.Load;

/// <summary>GETs by wrk: 32 connections that never wait. It trusts every certificate.</summary>
internal static class Wrk
{
    public static async Task<Sample> GetAsync(string wrk, Uri url, int seconds, CancellationToken cancellationToken)
    {
        var output = await Tool.RunAsync(
            wrk,
            // A slow peer is a figure, not a fault.
            ["-t2", "-c32", "--timeout", "30s", string.Create(CultureInfo.InvariantCulture, $"-d{seconds}s"), "-H", $"Accept: {ImageMediaTypes.OciManifest}", url.AbsoluteUri],
            cancellationToken);
        if (output.Contains("Non-2xx", StringComparison.Ordinal) || output.Contains("Socket errors", StringComparison.Ordinal))
            throw new LoadException($"wrk {url}\n{output}");
        return new Sample(Tool.Number(output, @"Requests/sec:\s+([\d.]+)"), Tool.Number(output, @"(\d+) requests in"));
    }
}
