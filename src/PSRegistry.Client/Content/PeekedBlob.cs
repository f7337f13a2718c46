using PSRegistry.Oci;

namespace PSRegistry.Client;

/// <summary>A blob whose first bytes were looked at, and are not read again: going back is dear in a stream.</summary>
internal sealed class PeekedBlob(IBlob inner, ReadOnlyMemory<byte> start) : IBlob
{
    public long Size => inner.Size;

    public ValueTask<int> ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (offset >= start.Length)
            return inner.ReadAsync(offset, buffer, cancellationToken);
        var part = start.Slice((int)offset, Math.Min(buffer.Length, start.Length - (int)offset));
        part.CopyTo(buffer);
        return ValueTask.FromResult(part.Length);
    }

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
