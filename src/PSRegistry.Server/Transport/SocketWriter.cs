using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace PSRegistry.Server.Transport;

/// <summary>
/// What is sent to a client: bytes from a buffer of ours, and parts of files. For a file, Kestrel is handed memory that nobody
/// writes to and nobody reads: it counts the bytes, and on their way to the socket the file takes their place.
/// </summary>
internal sealed class SocketWriter(Socket socket, CancellationTokenSource closed) : PipeWriter, IFileOutput
{
    private const int Smallest = 4 * 1024;

    /// <summary>Sent in one go, then Kestrel is told: progress, for whoever looks for stalled clients.</summary>
    private const int FilePiece = 4 * 1024 * 1024;

    private static readonly byte[] Placeholder = GC.AllocateUninitializedArray<byte>(FilePiece);

    private byte[] _buffer = [];
    private int _length;
    private FilePart? _announced, _file;
    private bool _broken, _cancelled;

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => _length + (_file?.Length ?? 0);

    public async ValueTask<bool> TrySendAsync(PipeWriter body, SafeFileHandle file, long offset, long length, CancellationToken cancellationToken)
    {
        while (length > 0)
        {
            var piece = (int)Math.Min(length, FilePiece);
            _announced = new FilePart(file, offset, piece);
            if (!IsPlaceholder(body.GetMemory(1)))
            {
                _announced = null;
                return false;
            }
            body.Advance(piece);
            if (await body.FlushAsync(cancellationToken) is { IsCompleted: true } or { IsCanceled: true })
                return true;
            offset += piece;
            length -= piece;
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
        if (!_broken)
        {
            try
            {
                await SendAsync();
            }
            catch (Exception fault) when (fault is SocketException or ObjectDisposedException or EndOfStreamException)
            {
                // As Kestrel's own transport does: the writer hears that nobody reads any more, and the request is aborted.
                _broken = true;
                ThreadPool.UnsafeQueueUserWorkItem(static source => CancelQuietly(source), closed, preferLocal: false);
            }
        }
        _length = 0;
        _file = null;
        var wasCancelled = _cancelled;
        _cancelled = false;
        return new FlushResult(wasCancelled, _broken);
    }

    public override void CancelPendingFlush() => _cancelled = true;

    public override void Complete(Exception? exception = null)
    {
        _broken = true;
        if (_buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        _length = 0;
    }

    private async ValueTask SendAsync()
    {
        for (var sent = 0; sent < _length;)
            sent += await socket.SendAsync(_buffer.AsMemory(sent, _length - sent), SocketFlags.None);
        // Most clients are idle most of the time, and must cost no buffer then.
        Exchange([]);
        if (_file is { } part)
            await FileSender.SendAsync(socket, part);
    }

    private void MakeRoom(int sizeHint)
    {
        var room = Math.Max(sizeHint, 1);
        if (_buffer.Length - _length >= room)
            return;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(Smallest, Math.Max(_length * 2, _length + room)));
        _buffer.AsSpan(0, _length).CopyTo(larger);
        Exchange(larger);
    }

    private void Exchange(byte[] buffer)
    {
        if (_buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = buffer;
    }

    private static bool IsPlaceholder(Memory<byte> memory) => MemoryMarshal.TryGetArray<byte>(memory, out var array) && array.Array == Placeholder;

    private static void CancelQuietly(CancellationTokenSource closed)
    {
        try
        {
            closed.Cancel();
        }
        catch (ObjectDisposedException)
        {
        }
    }
}

/// <summary>A part of a file.</summary>
internal readonly record struct FilePart(SafeFileHandle File, long Offset, int Length);
