namespace PSRegistry.Oci;

/// <summary>A manifest as it is kept: bytes that never change under their digest.</summary>
/// <param name="Digest">The digest it was asked by.</param>
/// <param name="MediaType">What the bytes say they are.</param>
/// <param name="Content">The bytes.</param>
public sealed record StoredManifest(Digest Digest, string MediaType, ReadOnlyMemory<byte> Content);
