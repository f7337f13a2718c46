namespace PSRegistry.Benchmarks.Comparison.Load.Client;

/// <summary>A request of a load.</summary>
/// <param name="Method">The method.</param>
/// <param name="Target">The path and its query.</param>
internal sealed record PushRequest(string Method, string Target)
{
    /// <summary>The body.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Its type; null for none.</summary>
    public string? ContentType { get; init; }

    /// <summary>The part of an upload that it is.</summary>
    public string? ContentRange { get; init; }

    /// <summary>Whether its length is told beforehand; docker streams without.</summary>
    public bool IsStreamed { get; init; }
}

/// <summary>What counts of an answer.</summary>
/// <param name="Status">The status.</param>
/// <param name="Location">Where to go on: path and query; empty when there is none.</param>
internal sealed record PushAnswer(int Status, string Location)
{
    /// <summary>This answer; a fault when it is another than expected.</summary>
    public PushAnswer MustBe(int status, PushRequest request) =>
        Status == status ? this : throw new LoadException($"{request.Method} {request.Target} was answered by {Status}, not {status}.");
}

/// <summary>A connection of a load: one request at a time.</summary>
internal interface IPushConnection : IAsyncDisposable
{
    Task<PushAnswer> SendAsync(PushRequest request, CancellationToken cancellationToken);
}
