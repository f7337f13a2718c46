namespace PSRegistry.Hosting;

/// <summary>Something that happened to content.</summary>
public sealed record EventRecord
{
    /// <summary>Its name: the same in every delivery of the event.</summary>
    public required string Id { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary><c>push</c>, <c>pull</c>, <c>mount</c> or <c>delete</c>.</summary>
    public required string Action { get; init; }

    /// <summary>The repository.</summary>
    public required string Repository { get; init; }

    /// <summary>Where a mounted blob came from; null where that is not known.</summary>
    public string? FromRepository { get; init; }

    /// <summary>The tag by which it happened; null for none.</summary>
    public string? Tag { get; init; }

    /// <summary>The content; null where only a tag was deleted.</summary>
    public string? Digest { get; init; }

    /// <summary>The type of the content; null for what is deleted.</summary>
    public string? MediaType { get; init; }

    /// <summary>The length of the content; null for what is deleted.</summary>
    public long? Size { get; init; }

    /// <summary>Where the content can be had; null for what is deleted.</summary>
    public string? Url { get; init; }

    /// <summary>Who did it; null for somebody without a name.</summary>
    public string? User { get; init; }

    /// <summary>The request that did it.</summary>
    public EventRequest Request { get; init; } = new("", "", "", "", "");

    /// <summary>Host and port of the server.</summary>
    public string? Source { get; init; }

    /// <summary>The run of the server; another one after each start.</summary>
    public string? Instance { get; init; }
}

/// <summary>The request behind an event.</summary>
/// <param name="Id">Its name, as in the access log.</param>
/// <param name="Address">Where it came from, as the proxy before the server tells.</param>
/// <param name="Host">The registry's name as the client wrote it.</param>
/// <param name="Method">The HTTP method.</param>
/// <param name="UserAgent">The client's program.</param>
public sealed record EventRequest(string Id, string Address, string Host, string Method, string UserAgent);
