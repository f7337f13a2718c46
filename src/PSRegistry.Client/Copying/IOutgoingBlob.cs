using System.Security.Cryptography;
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
internal sealed class CompressedBlob(IBlob plain, Func<Stream, Stream> compress, Action<long> onProgress) : IOutgoingBlob, IDisposable
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

/// <summary>Compresses what is read from it, and hashes the outcome.</summary>
internal sealed class CompressingStream : Stream
{
    private readonly byte[] _plain = new byte[128 * 1024];
    private readonly MemoryStream _compressed = new();
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly Stream _source;
    private readonly Stream _compressor;
    private int _taken;
    private bool _ended;
    private long _size;

    public CompressingStream(Stream source, Func<Stream, Stream> compress)
    {
        _source = source;
        _compressor = compress(_compressed);
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => _size;
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_taken == _compressed.Length && !_ended)
        {
            _compressed.SetLength(0);
            _taken = 0;
            var read = await _source.ReadAsync(_plain, cancellationToken);
            if (read > 0)
            {
                await _compressor.WriteAsync(_plain.AsMemory(0, read), cancellationToken);
                continue;
            }
            await _compressor.DisposeAsync();
            _ended = true;
        }
        var part = _compressed.GetBuffer().AsMemory(_taken, (int)Math.Min(buffer.Length, _compressed.Length - _taken));
        part.CopyTo(buffer);
        _hash.AppendData(part.Span);
        _taken += part.Length;
        _size += part.Length;
        return part.Length;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public (Digest Digest, long Size) Finish() => (DigestAlgorithm.Sha256.Finish(_hash), _size);

    /// <summary>Lets go of the hash, which outlives the reading.</summary>
    public void Release()
    {
        _hash.Dispose();
        _compressed.Dispose();
        _source.Dispose();
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }
}
