namespace PSRegistry.Client;

/// <summary>How archives are read.</summary>
public sealed record ArchiveOptions
{
    /// <summary>Undoes zstd, around a stream of compressed bytes; null where that cannot be done.</summary>
    public Func<Stream, Stream>? OpenZstd { get; init; }
}
