using PSRegistry.Benchmarks.Comparison.Load;
using PSRegistry.Benchmarks.Comparison.Targets;

namespace PSRegistry.Benchmarks.Comparison.Rows;

/// <summary>How a section asks: by which protocol, with which programs, how long.</summary>
/// <param name="Section">The section of the rows.</param>
/// <param name="Seconds">How long a row loads one target.</param>
/// <param name="Programs">Where the programs are.</param>
internal sealed record Loads(string Section, int Seconds, Programs Programs)
{
    /// <summary>Whether the requests go by HTTP/2.</summary>
    public bool IsHttp2 => Section == "h2";

    /// <summary>Requests a second of one URL; null where the program for it is missing.</summary>
    public async Task<Sample?> RequestAsync(string method, Uri url, CancellationToken cancellationToken)
    {
        await Asking.WarmUpAsync(url, cancellationToken);
        if (IsHttp2)
            return Programs.Find("h2load") is { } h2load ? await H2Load.RequestAsync(h2load, method, url, Seconds, cancellationToken) : null;
        if (method == "HEAD")
            return await LoadClient.RunAsync("head", url, ["--seconds", $"{Seconds}"], cancellationToken);
        return Programs.Find("wrk") is { } wrk ? await Wrk.GetAsync(wrk, url, Seconds, cancellationToken) : null;
    }

    /// <summary>MB/s of pulls of one large body.</summary>
    public async Task<Sample?> PullAsync(Uri url, int readers, int count, CancellationToken cancellationToken)
    {
        if (IsHttp2)
            return Programs.Find("h2load") is { } h2load ? await H2Load.PullAsync(h2load, url, readers, count, cancellationToken) : null;
        return await LoadClient.RunAsync("pull", url, ["--connections", $"{readers}", "--count", $"{count}"], cancellationToken);
    }
}
