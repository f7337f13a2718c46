using System.Buffers;
using System.Security.Cryptography;
using PSRegistry.Oci;

namespace PSRegistry.Storage;

/// <summary>A hash of the first <see cref="Length"/> bytes of an upload.</summary>
internal sealed class RunningHash(DigestAlgorithm algorithm) : IDisposable
{
    private readonly IncrementalHash _hash = algorithm.CreateHash();

    public DigestAlgorithm Algorithm => algorithm;

    public long Length { get; private set; }

    public Digest Digest => algorithm.Finish(_hash);

    public void Append(ReadOnlySequence<byte> bytes)
    {
        foreach (var piece in bytes)
            Append(piece.Span);
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        _hash.AppendData(bytes);
        Length += bytes.Length;
    }

    public void Dispose() => _hash.Dispose();
}
