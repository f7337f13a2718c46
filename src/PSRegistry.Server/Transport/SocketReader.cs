using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace PSRegistry.Server.Transport;

/// <summary>
/// What a client sends, received when it is asked for, into one buffer that grows while the client fills it and shrinks when
/// it does not: 4 KiB for an idle client, 256 KiB for a fast push.
/// </summary>
internal sealed class SocketReader(Socket socket) : PipeReader, IDisposable
{
    private const int Smallest = 4 * 1024, Largest = 256 * 1024;

    private readonly Lock _gate = new();
    private byte[] _buffer = [];
    private int _start, _end, _examined;
    private int _wanted = Smallest;
    private bool _ended;
    private volatile bool _cancelled;
    private CancellationTokenSource _cancel = new();

    private bool HasNews => _end > _examined || _ended;

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (TryRead(out var result))
            return ValueTask.FromResult(result);
        return ReceiveAsync(cancellationToken);
    }

    public override bool TryRead(out ReadResult result)
    {
        result = default;
        if (!_cancelled && !HasNews)
            return false;
        result = Result();
        return true;
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        // Positions in a sequence over one array are indexes into it; those of an empty sequence have no array.
        if (consumed.GetObject() is null)
            return;
        _start = consumed.GetInteger();
        _examined = Math.Max(_start, examined.GetInteger());
        if (_start < _end)
            return;
        _start = _end = _examined = 0;
        if (_buffer.Length > Smallest && _wanted < _buffer.Length)
            Exchange(_wanted);
    }

    public override void CancelPendingRead()
    {
        lock (_gate)
        {
            _cancelled = true;
            _cancel.Cancel();
        }
    }

    public override void Complete(Exception? exception = null)
    {
        _ended = true;
        _start = _end = _examined = 0;
        if (_buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    public void Dispose()
    {
        lock (_gate)
            _cancel.Dispose();
    }

    private async ValueTask<ReadResult> ReceiveAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        MakeRoom();
        using var registration = cancellationToken.CanBeCanceled ? cancellationToken.UnsafeRegister(static cancel => ((CancellationTokenSource)cancel!).Cancel(), _cancel) : default;
        try
        {
            var room = _buffer.Length - _end;
            var count = await socket.ReceiveAsync(_buffer.AsMemory(_end), SocketFlags.None, _cancel.Token);
            _end += count;
            _ended = count == 0;
            if (count == room)
                _wanted = Math.Min(Largest, _buffer.Length * 4);
            else if (count < _buffer.Length / 4)
                _wanted = Math.Max(Smallest, _buffer.Length / 2);
        }
        catch (OperationCanceledException) when (_cancelled || cancellationToken.IsCancellationRequested)
        {
            if (!_cancelled)
            {
                RenewCancel();
                throw new OperationCanceledException(cancellationToken);
            }
        }
        catch (SocketException fault) when (fault.SocketErrorCode is SocketError.ConnectionReset or SocketError.Shutdown or SocketError.ConnectionAborted)
        {
            throw new ConnectionResetException(fault.Message, fault);
        }
        catch (Exception fault) when (fault is SocketException or ObjectDisposedException)
        {
            throw new ConnectionAbortedException(fault.Message, fault);
        }
        return Result();
    }

    private ReadResult Result()
    {
        var wasCancelled = _cancelled;
        if (wasCancelled)
            RenewCancel();
        return new ReadResult(new ReadOnlySequence<byte>(_buffer, _start, _end - _start), wasCancelled, _ended);
    }

    /// <summary>A cancellation ends one read, whether that was waiting or not, and none after it.</summary>
    private void RenewCancel()
    {
        lock (_gate)
        {
            _cancelled = false;
            _cancel.Dispose();
            _cancel = new CancellationTokenSource();
        }
    }

    private void MakeRoom()
    {
        if (_start == _end && _wanted > _buffer.Length)
            Exchange(_wanted);
        else if (_end == _buffer.Length)
            Exchange(Math.Max(_wanted, (_end - _start) * 2));
    }

    private void Exchange(int size)
    {
        var larger = ArrayPool<byte>.Shared.Rent(size);
        _buffer.AsSpan(_start, _end - _start).CopyTo(larger);
        if (_buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
        _end -= _start;
        _examined -= _start;
        _start = 0;
    }
}
