using BenchmarkDotNet.Attributes;
using PSRegistry.Oci;

namespace PSRegistry.Benchmarks.Pieces;

/// <summary>A digest, as it stands in most paths.</summary>
public class DigestBenchmarks
{
    /// <summary>The text.</summary>
    [Params("sha256:4613a38a7f79ada3fc343ea4de1488f8828f0fe602d8cb7bdce958040b204b8b", "sha256:4613")]
    public string Text { get; set; } = "";

    /// <summary>Parses it, or tells that it is none.</summary>
    [Benchmark]
    public bool Parse() => Digest.TryParse(Text, out _);
}
