using PSRegistry.Oci;

namespace PSRegistry.Client;

/// <summary>The bytes of a blob on their way out, which can be begun again at any place.</summary>
internal interface IOutgoingBlob
{
    /// <summary>What its digest is computed with.</summary>
    DigestAlgorithm Algorithm { get; }

    /// <summary>The bytes from <paramref name="offset"/> on.</summary>
    ValueTask<Stream> OpenAsync(long offset, CancellationToken cancellationToken);

    /// <summary>The digest and size, known at the latest when all bytes were read.</summary>
    (Digest Digest, long Size) Finish();
}

/// <summary>A blob that goes as it is.</summary>
internal sealed class UnchangedBlob(IBlob blob, Digest digest, Action<long> onProgress) : IOutgoingBlob
{
    public DigestAlgorithm Algorithm => digest.Algorithm;

    public ValueTask<Stream> OpenAsync(long offset, CancellationToken cancellationToken) =>
        ValueTask.FromResult<Stream>(new BlobStream(blob, onProgress) { Position = offset });

    public (Digest, long) Finish() => (digest, blob.Size);
}

/// <summary>A layer that is compressed as it goes. Begun again, it is compressed again: the same bytes come out.</summary>
internal sealed class CompressedBlob(IBlob plain, CompressBlock compress, Action<long> onProgress) : IOutgoingBlob, IDisposable
{
    private CompressingStream? _stream;

    public DigestAlgorithm Algorithm => DigestAlgorithm.Sha256;

    public async ValueTask<Stream> OpenAsync(long offset, CancellationToken cancellationToken)
    {
        _stream?.Release();
        _stream = new CompressingStream(new BlobStream(plain, onProgress), compress);
        var passed = new byte[64 * 1024];
        while (offset > 0 && await _stream.ReadAsync(passed.AsMemory(0, (int)Math.Min(passed.Length, offset)), cancellationToken) is var read and > 0)
            offset -= read;
        return _stream;
    }

    public (Digest, long) Finish() => _stream!.Finish();

    public void Dispose() => _stream?.Release();
}
