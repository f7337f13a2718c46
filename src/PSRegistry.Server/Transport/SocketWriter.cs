using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace PSRegistry.Server.Transport;

/// <summary>
/// What is sent to a client: bytes from a buffer of ours, and parts of files. For a file, Kestrel is handed memory that nobody
/// writes to and nobody reads: it counts the bytes, and on their way to the socket the file takes their place. Kestrel writes
/// nothing while a flush is under way.
/// </summary>
internal sealed class SocketWriter(Socket socket) : PipeWriter, IFileOutput
{
    private const int Smallest = 4 * 1024;

    /// <summary>Sent in one go: between two pieces the request wakes up, which eight pulls at once would notice.</summary>
    private const int FilePiece = 1 << 30;

    private static readonly Memory<byte> Placeholder = new NoMemory().Memory;

    private byte[] _buffer = [];
    private int _length;
    private FilePart? _announced, _file;
    private Exception? _fault;
    private bool _broken;
    private volatile bool _cancelled;

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => _length + (_file?.Length ?? 0);

    public async ValueTask<bool> TrySendAsync(PipeWriter body, SafeFileHandle file, long offset, long length, CancellationToken cancellationToken)
    {
        for (var end = offset + length; offset < end;)
        {
            var piece = (int)Math.Min(end - offset, FilePiece);
            _announced = new FilePart(file, offset, piece);
            if (!IsPlaceholder(body.GetMemory(1)))
            {
                _announced = null;
                return false;
            }
            body.Advance(piece);
            var flushed = await body.FlushAsync(cancellationToken);
            if (_fault is not null)
                throw _fault;
            if (_broken || flushed.IsCompleted || flushed.IsCanceled)
                return true;
            offset += piece;
        }
        return true;
    }

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (_announced is not null)
            return Placeholder;
        MakeRoom(sizeHint);
        return _buffer.AsMemory(_length);
    }

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public override void Advance(int bytes)
    {
        if (_announced is null)
        {
            _length += bytes;
            return;
        }
        if (bytes != _announced.Value.Length)
            throw new InvalidOperationException($"{_announced.Value.Length} bytes of a file were announced, {bytes} written.");
        _file = _announced;
        _announced = null;
    }

    public override async ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        // Taken out for as long as the socket reads it: whoever completes meanwhile must not give it to somebody else.
        var (buffer, length, file) = (_buffer, _length, _file);
        (_buffer, _length, _file) = ([], 0, null);
        try
        {
            if (!_broken)
                await SendAsync(buffer.AsMemory(0, length), file);
        }
        catch (Exception fault) when (fault is SocketException or ObjectDisposedException)
        {
            // The client is gone. Kestrel aborts the request when it hears that nobody reads any more.
            _broken = true;
        }
        catch (Exception fault)
        {
            // Kestrel would log it and go on, as if all had been sent; who sends the file throws it where it ends the request.
            _fault = fault;
            _broken = true;
            return default;
        }
        finally
        {
            Return(buffer);
        }
        var wasCancelled = _cancelled;
        _cancelled = false;
        return new FlushResult(wasCancelled, _broken);
    }

    public override void CancelPendingFlush() => _cancelled = true;

    public override void Complete(Exception? exception = null)
    {
        _broken = true;
        Return(Interlocked.Exchange(ref _buffer, []));
        _length = 0;
    }

    private async ValueTask SendAsync(ReadOnlyMemory<byte> bytes, FilePart? file)
    {
        while (bytes.Length > 0)
            bytes = bytes[await socket.SendAsync(bytes, SocketFlags.None)..];
        if (file is { } part)
            await FileSender.SendAsync(socket, part);
    }

    private void MakeRoom(int sizeHint)
    {
        var room = Math.Max(sizeHint, 1);
        if (_buffer.Length - _length >= room)
            return;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(Smallest, Math.Max(_length * 2, _length + room)));
        _buffer.AsSpan(0, _length).CopyTo(larger);
        Return(_buffer);
        _buffer = larger;
    }

    private static void Return(byte[] buffer)
    {
        if (buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(buffer);
    }

    private static bool IsPlaceholder(Memory<byte> memory) => MemoryMarshal.TryGetMemoryManager<byte, NoMemory>(memory, out _);

    /// <summary>A length, and nothing behind it.</summary>
    private sealed class NoMemory : MemoryManager<byte>
    {
        public override Memory<byte> Memory => CreateMemory(FilePiece);

        public override Span<byte> GetSpan() => throw Nothing();

        public override MemoryHandle Pin(int elementIndex = 0) => throw Nothing();

        public override void Unpin()
        {
        }

        protected override void Dispose(bool disposing)
        {
        }

        private static NotSupportedException Nothing() => new("A part of a file is sent, not read.");
    }
}

/// <summary>A part of a file.</summary>
internal readonly record struct FilePart(SafeFileHandle File, long Offset, int Length);
