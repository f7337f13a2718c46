namespace PSRegistry.Server.Telemetry;

/// <summary>One number, or one histogram, that measurements of any thread go into.</summary>
/// <param name="bounds">The upper bounds of a histogram's buckets; empty for a plain number.</param>
internal sealed class MetricSeries(double[] bounds)
{
    /// <summary>One more than there are bounds: what is larger than all of them.</summary>
    private readonly long[] _buckets = bounds.Length > 0 ? new long[bounds.Length + 1] : [];

    private double _value;

    /// <summary>The number; of a histogram, the sum.</summary>
    public double Value => Volatile.Read(ref _value);

    public ReadOnlySpan<double> Bounds => bounds;

    /// <summary>How many values fell into the bucket with this number.</summary>
    public long Bucket(int index) => Volatile.Read(ref _buckets[index]);

    public void Set(double value) => Volatile.Write(ref _value, value);

    public void Add(double value)
    {
        var before = Volatile.Read(ref _value);
        while (Interlocked.CompareExchange(ref _value, before + value, before) is var now && BitConverter.DoubleToInt64Bits(now) != BitConverter.DoubleToInt64Bits(before))
            before = now;
    }

    public void Observe(double value)
    {
        var bucket = bounds.AsSpan().BinarySearch(value);
        Interlocked.Increment(ref _buckets[bucket < 0 ? ~bucket : bucket]);
        Add(value);
    }
}
