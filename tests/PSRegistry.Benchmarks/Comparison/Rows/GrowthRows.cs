namespace PSRegistry.Benchmarks.Comparison.Rows;

/// <summary>Rows of a grown store. A pull must cost what it costs in a small one; the names are those of the small store's rows.</summary>
internal static class GrowthRows
{
    /// <summary>A tenth is within what one row differs from run to run.</summary>
    private const double AsInASmallStore = 0.9;

    public static IEnumerable<Row> Make(Loads loads, int tags)
    {
        var manifests = $"v2/{Content.Small}/manifests/";
        yield return Same("GET manifest by tag", "GET", manifests + "latest");
        yield return Same("GET manifest by digest", "GET", manifests + Content.ImageDigest);
        yield return Same("HEAD manifest by tag", "HEAD", manifests + "latest");
        yield return Same("HEAD manifest by digest", "HEAD", manifests + Content.ImageDigest);
        yield return Same("GET blob of 1 KiB", "GET", $"v2/{Content.Small}/blobs/{Content.LayerDigest}", "blob1k");
        yield return RequestRows.Make(loads, $"tags/list, {tags:N0} tags", "GET", $"v2/{Content.Tags}/tags/list", null, new Goal { OverOriginal = 10 });
        yield return RequestRows.Make(loads, "_catalog?n=1000", "GET", "v2/_catalog?n=1000", null, new Goal { OverOriginal = 40 });
        yield return PullRows.Make(loads, "GET 1 MiB, readers: 1,000", 1000, 4000, $"v2/{Content.Small}/blobs/{Content.MiBDigest}", "blob1m", new Goal { OverOriginal = 1 });

        Row Same(string name, string method, string path, string? file = null) =>
            RequestRows.Make(loads, name, method, path, file, new Goal { OverPlain = AsInASmallStore });
    }
}
