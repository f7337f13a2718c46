using PSRegistry.Oci;

namespace PSRegistry.Client;

/// <summary>A blob in memory.</summary>
internal sealed class MemoryBlob(ReadOnlyMemory<byte> content) : IBlob
{
    public long Size => content.Length;

    public ValueTask<int> ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (offset >= content.Length)
            return ValueTask.FromResult(0);
        var part = content.Slice((int)offset, (int)Math.Min(buffer.Length, content.Length - offset));
        part.CopyTo(buffer);
        return ValueTask.FromResult(part.Length);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
