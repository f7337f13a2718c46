using System.Diagnostics;

namespace PSRegistry.Pipeline;

/// <summary>How fast a transfer has been of late: over some seconds, so that it neither jumps nor remembers what is long past.</summary>
internal sealed class TransferRate
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(5);

    private readonly Queue<(long At, long Bytes)> _samples = new([(Stopwatch.GetTimestamp(), 0)]);
    private (long At, long Bytes) _last;

    /// <summary>The rate at the last sample.</summary>
    public long BytesPerSecond
    {
        get
        {
            var first = _samples.Peek();
            var seconds = Stopwatch.GetElapsedTime(first.At, _last.At).TotalSeconds;
            return seconds > 0 ? Math.Max(0, (long)((_last.Bytes - first.Bytes) / seconds)) : 0;
        }
    }

    /// <summary>Takes in how many bytes are done by now.</summary>
    public void Add(long bytes)
    {
        _last = (Stopwatch.GetTimestamp(), bytes);
        _samples.Enqueue(_last);
        while (_samples.Count > 2 && Stopwatch.GetElapsedTime(_samples.Peek().At, _last.At) > Window)
            _samples.Dequeue();
    }
}
