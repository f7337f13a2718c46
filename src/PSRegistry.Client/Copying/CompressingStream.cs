using System.Security.Cryptography;
using PSRegistry.Oci;

namespace PSRegistry.Client;

/// <summary>
/// Compresses what is read from it, and hashes the outcome. Blocks are compressed ahead on the machine's other cores and handed out in their
/// order, so that one large layer is as fast as many small ones; the outcome depends on the content alone.
/// </summary>
internal sealed class CompressingStream(Stream source, CompressBlock compress) : Stream
{
    private const int BlockLength = 512 * 1024;

    /// <summary>More blocks than this at a time are more memory than speed: several layers are on their way.</summary>
    private const int MostAhead = 8;

    private static readonly int Ahead = Math.Clamp(Environment.ProcessorCount, 1, MostAhead);

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly Queue<Task<Block>> _ahead = [];
    private readonly Stack<Block> _spare = [];
    private Block? _current;
    private bool _isEmpty = true, _ended;
    private int _taken;
    private long _size;

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
        while (_current is null || _taken == _current.Compressed.Length)
        {
            if (!await NextAsync(cancellationToken))
                return 0;
        }
        var part = _current.Compressed.GetBuffer().AsMemory(_taken, (int)Math.Min(buffer.Length, _current.Compressed.Length - _taken));
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
        source.Dispose();
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    private async ValueTask<bool> NextAsync(CancellationToken cancellationToken)
    {
        if (_current is not null)
            _spare.Push(_current);
        _current = null;
        _taken = 0;
        while (!_ended && _ahead.Count <= Ahead)
            await BeginAsync(cancellationToken);
        if (_ahead.TryDequeue(out var next))
            _current = await next;
        return _current is not null;
    }

    private async ValueTask BeginAsync(CancellationToken cancellationToken)
    {
        var block = _spare.TryPop(out var spare) ? spare : new Block();
        block.Length = await source.ReadAtLeastAsync(block.Plain, BlockLength, throwOnEndOfStream: false, cancellationToken);
        _ended = block.Length < BlockLength;
        // Nothing is one block, too: an empty file is not a compressed one.
        if (block.Length > 0 || _isEmpty)
            _ahead.Enqueue(Task.Run(() => block.Compress(compress), CancellationToken.None));
        _isEmpty = false;
    }

    private sealed class Block
    {
        public byte[] Plain { get; } = new byte[BlockLength];

        public int Length { get; set; }

        public MemoryStream Compressed { get; } = new();

        public Block Compress(CompressBlock compress)
        {
            Compressed.SetLength(0);
            compress(Plain.AsSpan(0, Length), Compressed);
            return this;
        }
    }
}
