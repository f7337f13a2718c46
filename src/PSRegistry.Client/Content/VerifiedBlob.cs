using System.Buffers;
using System.Security.Cryptography;
using PSRegistry.Oci;

namespace PSRegistry.Client;

/// <summary>
/// A blob whose every byte is hashed as it passes, and whose last ones are handed out only when all together are what the digest says. It
/// reads from front to back: reading ahead or again passes over the bytes between, because a part alone proves nothing.
/// </summary>
/// <param name="inner">The bytes.</param>
/// <param name="digest">What they must be.</param>
/// <param name="mismatch">The fault to tell when they are something else, given their true digest.</param>
internal sealed class VerifiedBlob(IBlob inner, Digest digest, Func<Digest, Exception> mismatch) : IBlob
{
    private IncrementalHash _hash = digest.Algorithm.CreateHash();
    private long _position;

    public long Size => inner.Size;

    public async ValueTask<int> ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (offset >= Size || buffer.IsEmpty)
        {
            if (Size == 0)
                Verify();
            return 0;
        }
        if (offset < _position)
            Rewind();
        if (offset > _position)
            await PassOverAsync(offset, cancellationToken);
        return await NextAsync(buffer, cancellationToken);
    }

    public ValueTask DisposeAsync()
    {
        _hash.Dispose();
        return inner.DisposeAsync();
    }

    private void Rewind()
    {
        _hash.Dispose();
        _hash = digest.Algorithm.CreateHash();
        _position = 0;
    }

    private async ValueTask<int> NextAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var read = await inner.ReadAsync(_position, buffer[..(int)Math.Min(buffer.Length, Size - _position)], cancellationToken);
        _hash.AppendData(buffer.Span[..read]);
        _position += read;
        // Shorter than it said is not what it said, whatever its digest.
        if (read == 0)
            throw mismatch(digest.Algorithm.Finish(_hash));
        if (_position == Size)
            Verify();
        return read;
    }

    private async ValueTask PassOverAsync(long offset, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        try
        {
            while (_position < offset)
                await NextAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, offset - _position)), cancellationToken);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void Verify()
    {
        var actual = digest.Algorithm.Finish(_hash);
        if (actual != digest)
            throw mismatch(actual);
    }
}
