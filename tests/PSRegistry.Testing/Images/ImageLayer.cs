namespace PSRegistry.Testing;

/// <summary>A layer of an image.</summary>
/// <param name="Blob">The gzipped blob.</param>
/// <param name="DiffId">The digest of the tar before compression, as the config lists it.</param>
public sealed record ImageLayer(ContentDescriptor Blob, string DiffId);
