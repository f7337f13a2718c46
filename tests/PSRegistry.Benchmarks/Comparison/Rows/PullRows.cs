using PSRegistry.Benchmarks.Comparison.Targets;

namespace PSRegistry.Benchmarks.Comparison.Rows;

/// <summary>Rows of large pulls by readers that do nothing with what they get.</summary>
internal static class PullRows
{
    /// <summary>The large blob by one reader and by eight.</summary>
    public static IEnumerable<Row> Make(Loads loads, string digest, double? overPlain)
    {
        foreach (var (readers, count) in new[] { (1, 4), (8, 16) })
        {
            var goal = overPlain is null ? new Goal { OverNginx = 1, ProcessorOfOriginal = 0.5 } : new Goal { OverPlain = overPlain };
            yield return Make(loads, $"GET 256 MiB, readers: {readers}", readers, count, $"v2/{Content.Small}/blobs/{digest}", "blob256m", goal);
        }
    }

    /// <summary>One row.</summary>
    public static Row Make(Loads loads, string name, int readers, int count, string path, string file, Goal goal) =>
        new(loads.Section, name, "MB/s", (target, token) =>
            loads.PullAsync(new Uri(target.Address, target.Kind == TargetKind.Nginx ? file : path), readers, count, token))
        {
            Goal = goal,
            WorkUnit = "GB",
        };
}
