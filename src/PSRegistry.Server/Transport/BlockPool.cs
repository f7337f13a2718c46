using System.Buffers;
using Microsoft.AspNetCore.Connections;

namespace PSRegistry.Server.Transport;

/// <summary>
/// The memory that connections receive into, in larger blocks than Kestrel's of 4 KiB: a push of 256 MiB receives 4,100 times
/// instead of 132,000 times, at a quarter less processor time. An idle connection has none.
/// </summary>
internal sealed class BlockPool : MemoryPool<byte>, IMemoryPoolFactory<byte>
{
    private const int BlockSize = 128 * 1024;

    public override int MaxBufferSize => BlockSize;

    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => this;

    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, BlockSize);
        return new Block();
    }

    /// <summary>Whoever was given the pool may be done with it; the others are not, and there is nothing to release.</summary>
    protected override void Dispose(bool disposing)
    {
    }

    private sealed class Block : IMemoryOwner<byte>
    {
        private byte[]? _array = ArrayPool<byte>.Shared.Rent(BlockSize);

        public Memory<byte> Memory => _array ?? throw new ObjectDisposedException(nameof(Block));

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _array, null) is { } array)
                ArrayPool<byte>.Shared.Return(array);
        }
    }
}
