using System.Buffers;
using PSRegistry.Oci;

namespace PSRegistry.Client;

/// <summary>The bytes of a blob on their way in, not yet checked. A connection that breaks is taken up where it broke.</summary>
internal sealed class RemoteBlob(long size, Call call, Asked asked, RegistryTransport transport, Answer first) : IBlob
{
    /// <summary>How often in a row a connection may break without a byte between.</summary>
    private const int MostBreaks = 5;

    private Answer? _answer = first;
    private long _position;
    private int _breaks;

    public long Size => size;

    public async ValueTask<int> ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (offset >= size || buffer.IsEmpty)
            return 0;
        if (offset != _position)
        {
            Close();
            _position = offset;
        }
        buffer = buffer[..(int)Math.Min(buffer.Length, size - offset)];
        while (true)
        {
            try
            {
                _answer ??= await OpenAsync(cancellationToken);
                var read = await ReadAsync(_answer, buffer, cancellationToken);
                _breaks = 0;
                _position += read;
                return read;
            }
            catch (RegistryRequestException fault)
                when (fault.Failure is RegistryFailure.ConnectionLost or RegistryFailure.TimedOut && ++_breaks <= MostBreaks)
            {
                Close();
            }
            await Task.Delay(Retries.Pause(_breaks - 1), transport.Clock, cancellationToken);
        }
    }

    public ValueTask DisposeAsync()
    {
        Close();
        return ValueTask.CompletedTask;
    }

    private void Close()
    {
        _answer?.Dispose();
        _answer = null;
    }

    private async ValueTask<Answer> OpenAsync(CancellationToken cancellationToken)
    {
        var answer = await transport.OpenAsync(_position == 0 ? call : call with { From = _position }, asked, cancellationToken);
        try
        {
            var from = answer.From ?? 0;
            if (from > _position)
                throw transport.Faults.New(RegistryFailure.ProtocolFault, answer,
                    $"{transport.Faults.Who(answer.Uri)} answers with another part of {asked.Thing} than was asked for.");
            // Who knows no ranges begins anew.
            await PassOverAsync(answer, _position - from, cancellationToken);
            return answer;
        }
        catch
        {
            answer.Dispose();
            throw;
        }
    }

    private async ValueTask PassOverAsync(Answer answer, long count, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        try
        {
            while (count > 0)
                count -= await ReadAsync(answer, buffer.AsMemory(0, (int)Math.Min(buffer.Length, count)), cancellationToken);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async ValueTask<int> ReadAsync(Answer answer, Memory<byte> buffer, CancellationToken cancellationToken) =>
        await answer.ReadAsync(buffer, cancellationToken) is var read and > 0 ? read : throw transport.Faults.New(
            RegistryFailure.ConnectionLost, answer.Uri,
                $"{transport.Faults.Who(answer.Uri)} ended {asked.Thing} at byte {_position} of {size}.");
}
