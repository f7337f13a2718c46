using PSRegistry.Oci;

namespace PSRegistry.Client;

/// <summary>One request as the transport sends it, perhaps more than once.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Uri">Where to.</param>
internal sealed record Call(HttpMethod Method, Uri Uri)
{
    /// <summary>The Accept header.</summary>
    public string Accept { get; init; } = MediaTypes.Json;

    /// <summary>The first byte wanted; null for the whole.</summary>
    public long? From { get; init; }

    /// <summary>Further headers.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>The body, made anew for each attempt; null for none.</summary>
    public Func<HttpContent>? Body { get; init; }

    /// <summary>When it may be sent again after a failure.</summary>
    public Repeat Repeat { get; init; } = Repeat.Always;

    /// <summary>A GET of JSON.</summary>
    public static Call Get(Uri uri) => new(HttpMethod.Get, uri);
}

/// <summary>When a request may be sent again.</summary>
internal enum Repeat
{
    /// <summary>Whenever that may help: twice is as good as once.</summary>
    Always,

    /// <summary>Only when the server says that it did nothing: a second time, what is asked would already be so.</summary>
    WhenRefused,

    /// <summary>Not at all: its body is gone.</summary>
    Never,
}
