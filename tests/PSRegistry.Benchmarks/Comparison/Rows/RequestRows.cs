using PSRegistry.Benchmarks.Comparison.Targets;

namespace PSRegistry.Benchmarks.Comparison.Rows;

/// <summary>Rows of small requests, each loaded for some seconds by 32 requests at a time.</summary>
internal static class RequestRows
{
    /// <summary>The rows of a store as <see cref="Content"/> fills it.</summary>
    /// <param name="loads">How to ask.</param>
    /// <param name="overPlain">For rows that are held against our own figures over plain HTTP; null to hold them against the peers.</param>
    public static IEnumerable<Row> Make(Loads loads, double? overPlain)
    {
        var manifests = $"v2/{Content.Small}/manifests/";
        yield return Request("GET /v2/", "GET", "v2/", 25);
        yield return Request("GET manifest by tag", "GET", manifests + "latest", 20);
        yield return Request("GET manifest by digest", "GET", manifests + Content.ImageDigest, 20);
        yield return Request("HEAD manifest by tag", "HEAD", manifests + "latest", 20);
        yield return Request("HEAD manifest by digest", "HEAD", manifests + Content.ImageDigest, 20);
        yield return Request("tags/list, 1,000 tags", "GET", $"v2/{Content.Tags}/tags/list", 10);
        yield return Request("_catalog?n=1000", "GET", "v2/_catalog?n=1000", 40);
        yield return Request("GET blob of 1 KiB", "GET", $"v2/{Content.Small}/blobs/{Content.LayerDigest}", 35, "blob1k", 0.4);

        Row Request(string name, string method, string path, double overOriginal, string? file = null, double? overNginx = null) => Make(
            loads, name, method, path, file, overPlain is null ? new Goal { OverOriginal = overOriginal, OverNginx = overNginx } : new Goal { OverPlain = overPlain });
    }

    /// <summary>One row.</summary>
    /// <param name="loads">How to ask.</param>
    /// <param name="name">The row's name.</param>
    /// <param name="method">GET or HEAD.</param>
    /// <param name="path">What registries are asked for.</param>
    /// <param name="file">What nginx is asked for; null where a file cannot stand for it.</param>
    /// <param name="goal">What must be reached.</param>
    public static Row Make(Loads loads, string name, string method, string path, string? file, Goal goal) =>
        new(loads.Section, name, "1/s", async (target, token) => (target.Kind == TargetKind.Nginx ? file : path) is { } asked
            ? await loads.RequestAsync(method, new Uri(target.Address, asked), token)
            : null)
        {
            Goal = goal,
            WorkUnit = "request",
        };
}
