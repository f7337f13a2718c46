using BenchmarkDotNet.Attributes;
using PSRegistry.Server.Http;

namespace PSRegistry.Benchmarks.Pieces;

/// <summary>What every request begins with: its path.</summary>
public class RouteBenchmarks
{
    private const string DigestText = "sha256:4613a38a7f79ada3fc343ea4de1488f8828f0fe602d8cb7bdce958040b204b8b";

    /// <summary>A path.</summary>
    [Params("/v2/", "/v2/team/app/manifests/1.0", "/v2/team/app/blobs/" + DigestText)]
    public string Path { get; set; } = "";

    /// <summary>Tells what the path addresses.</summary>
    [Benchmark]
    public bool Parse() => RegistryRoute.Parse(Path).Kind != RouteKind.Unknown;
}
