using System.Buffers;
using System.Security.Cryptography;
using PSRegistry.Oci;

namespace PSRegistry.Client;

/// <summary>
/// A blob on its way in. Every byte is hashed as it passes, and the last ones are handed out only when all together are what the digest
/// says. A connection that breaks is taken up where it broke. It reads from front to back: reading ahead or again passes over the bytes
/// between, because a part alone proves nothing.
/// </summary>
internal sealed class RemoteBlob(Digest digest, long size, Call call, Asked asked, RegistryTransport transport, Answer first) : IBlob
{
    /// <summary>How often in a row a connection may break without a byte between.</summary>
    private const int MostBreaks = 5;

    private Answer? _answer = first;
    private IncrementalHash _hash = digest.Algorithm.CreateHash();
    private long _position;
    private int _breaks;

    public long Size => size;

    public async ValueTask<int> ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (offset >= size || buffer.IsEmpty)
        {
            if (size == 0)
                Verify();
            return 0;
        }
        if (offset < _position)
            Rewind();
        if (offset > _position)
            await SkipAsync(offset - _position, hashed: true, cancellationToken);
        return await NextAsync(buffer, cancellationToken);
    }

    public ValueTask DisposeAsync()
    {
        _answer?.Dispose();
        _hash.Dispose();
        return ValueTask.CompletedTask;
    }

    private void Rewind()
    {
        _answer?.Dispose();
        _answer = null;
        _hash.Dispose();
        _hash = digest.Algorithm.CreateHash();
        _position = 0;
    }

    private async ValueTask<int> NextAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        buffer = buffer[..(int)Math.Min(buffer.Length, size - _position)];
        while (true)
        {
            int read;
            try
            {
                _answer ??= await ContinueAsync(cancellationToken);
                read = await _answer.ReadAsync(buffer, cancellationToken);
                if (read == 0)
                    throw Short(_answer);
            }
            catch (RegistryRequestException fault)
                when (fault.Failure is RegistryFailure.ConnectionLost or RegistryFailure.TimedOut && ++_breaks <= MostBreaks)
            {
                _answer?.Dispose();
                _answer = null;
                await Task.Delay(Retries.Pause(_breaks - 1), transport.Clock, cancellationToken);
                continue;
            }
            _breaks = 0;
            _hash.AppendData(buffer.Span[..read]);
            _position += read;
            if (_position == size)
                Verify();
            return read;
        }
    }

    private async ValueTask<Answer> ContinueAsync(CancellationToken cancellationToken)
    {
        var answer = await transport.OpenAsync(_position == 0 ? call : call with { From = _position }, asked, cancellationToken);
        try
        {
            var from = answer.From ?? 0;
            if (from == _position)
                return answer;
            if (from != 0)
                throw transport.Faults.New(RegistryFailure.ProtocolFault, answer, $"{transport.Faults.Who(answer.Uri)} answers with another part of {asked.Thing} than was asked for.");
            // It knows no ranges and begins anew.
            _answer = answer;
            await SkipAsync(_position, hashed: false, cancellationToken);
            return answer;
        }
        catch
        {
            answer.Dispose();
            _answer = null;
            throw;
        }
    }

    private async ValueTask SkipAsync(long count, bool hashed, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        try
        {
            while (count > 0)
            {
                var part = buffer.AsMemory(0, (int)Math.Min(buffer.Length, count));
                var read = hashed ? await NextAsync(part, cancellationToken) : await _answer!.ReadAsync(part, cancellationToken);
                if (read == 0)
                    throw Short(_answer!);
                count -= read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private RegistryRequestException Short(Answer answer) => transport.Faults.New(
        RegistryFailure.ConnectionLost, answer.Uri, $"{transport.Faults.Who(answer.Uri)} ended {asked.Thing} at byte {_position} of {size}.");

    private void Verify()
    {
        var actual = digest.Algorithm.Finish(_hash);
        if (actual == digest)
            return;
        throw transport.Faults.New(
            RegistryFailure.DigestMismatch, call.Uri, $"{transport.Faults.Registry} sends something else for {asked.Thing}: its bytes have the digest {actual}.");
    }
}
