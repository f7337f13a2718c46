using PSRegistry.Benchmarks.Comparison.Load;
using PSRegistry.Benchmarks.Comparison.Load.Client;
using PSRegistry.Benchmarks.Comparison.Targets;

namespace PSRegistry.Benchmarks.Comparison.Rows;

/// <summary>Rows of pushes. What is acknowledged is on the disk, with every target.</summary>
internal static class PushRows
{
    private const int Items = 1000;

    public static IEnumerable<Row> Make(Loads loads, double? overPlain)
    {
        yield return Large("push 256 MiB, POST and PUT", UploadWay.Whole);
        yield return Large("push 256 MiB, PATCHes of 8 MiB", UploadWay.Chunked);
        // HTTP/2 has no chunks: with and without a length are the same there.
        if (!loads.IsHttp2)
            yield return Large("push 256 MiB, one streamed PATCH", UploadWay.Streamed);
        yield return Small("push blobs of 4 KiB, 8 at once", "blobs", 8, 6);
        yield return Small("push blobs of 4 KiB, 32 at once", "blobs", 32, 8);
        yield return Small("PUT manifest by tag, 8 at once", "manifests", 8, 4);
        yield return Small("PUT one manifest under 1,000 tags, 8 at once", "tags", 8, null);
        yield return Small("PUT manifest that its tag names already, 8 at once", "again", 8, null);

        string[] Protocol() => loads.IsHttp2 ? ["--h2"] : [];
        Goal GoalOf(double? overOriginal) =>
            overOriginal is null ? Goal.None : overPlain is null ? new Goal { OverOriginal = overOriginal } : new Goal { OverPlain = overPlain };

        Row Large(string name, UploadWay way) => new(loads.Section, name, "MB/s", async (target, token) =>
        {
            if (target.Kind == TargetKind.Nginx)
                return null;
            string[] arguments = ["--repository", "zz/push", "--count", $"{Content.BigSize}", "--way", $"{way}", .. Protocol()];
            var (sample, digest) = await LoadClient.UploadAsync(target.Address, arguments, token);
            target.Discard(digest);
            return sample;
        })
        {
            Goal = GoalOf(3),
            WorkUnit = "GB",
        };

        Row Small(string name, string verb, int connections, double? overOriginal) => new(loads.Section, name, "1/s", async (target, token) =>
        {
            if (target.Kind == TargetKind.Nginx)
                return null;
            string[] arguments = ["--repository", $"zz/{verb}", "--count", $"{Items}", "--connections", $"{connections}", .. Protocol()];
            return await LoadClient.RunAsync(verb, target.Address, arguments, token);
        })
        {
            Goal = GoalOf(overOriginal),
            WorkUnit = "item",
        };
    }
}
