using System.Collections.Immutable;
using BenchmarkDotNet.Attributes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using PSRegistry.Oci;
using PSRegistry.Server.Http;

namespace PSRegistry.Benchmarks.Pieces;

/// <summary>A refusal. The commonest is that a layer is not there yet, asked before each push of one.</summary>
public class ErrorEnvelopeBenchmarks
{
    private static readonly ImmutableArray<RegistryError> Errors =
        [ErrorCode.BlobUnknown.With("repository team/app has no blob sha256:4613a38a.", ("name", "team/app"), ("digest", "sha256:4613a38a"))];

    private readonly DefaultHttpContext _context = new();

    /// <summary>An answer that goes nowhere.</summary>
    [GlobalSetup]
    public void Setup() => _context.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(Stream.Null));

    /// <summary>Writes one error.</summary>
    [Benchmark]
    public async Task Write() => await ErrorEnvelope.WriteAsync(_context, Errors);
}
