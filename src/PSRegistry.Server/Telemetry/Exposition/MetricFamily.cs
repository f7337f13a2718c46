using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace PSRegistry.Server.Telemetry;

/// <summary>All series of one name.</summary>
internal sealed class MetricFamily
{
    /// <summary>
    /// The labels of our own instruments are few and known. Nothing that a client sends makes a series of its own; should an instrument
    /// grow all the same, the rest goes into one series instead of into the memory.
    /// </summary>
    public const int SeriesAtMost = 2000;

    private static readonly double[] DefaultBounds = [.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10];

    private readonly ConcurrentDictionary<LabelSet, MetricSeries> _series = new(LabelSet.Comparer.Instance);
    private readonly ConcurrentDictionary<LabelSet, MetricSeries>.AlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>> _byTags;
    private readonly double[] _bounds;
    private readonly bool _isAddedUp;

    public MetricFamily(Instrument instrument)
    {
        Kind = MetricKinds.Of(instrument);
        Name = MetricName.Of(instrument, Kind);
        Help = instrument.Description ?? "";
        IsObservable = instrument.IsObservable;
        _isAddedUp = MetricKinds.IsAddedUp(instrument);
        _bounds = Kind is MetricKind.Histogram ? Bounds(instrument) : [];
        _byTags = _series.GetAlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>>();
    }

    public string Name { get; }

    public string Help { get; }

    public MetricKind Kind { get; }

    /// <summary>Whether it is asked for its values, all of them at once.</summary>
    public bool IsObservable { get; }

    public IEnumerable<(string Labels, MetricSeries Series)> Series =>
        _series.Select(series => (series.Key.Text, series.Value)).OrderBy(series => series.Text, StringComparer.Ordinal);

    /// <summary>Before it is asked: what it no longer tells is gone.</summary>
    public void Forget() => _series.Clear();

    public void Measure(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var series = Find(tags);
        if (Kind is MetricKind.Histogram)
            series.Observe(value);
        else if (_isAddedUp)
            series.Add(value);
        else
            series.Set(value);
    }

    private MetricSeries Find(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (_byTags.TryGetValue(tags, out var series))
            return series;
        // Counting takes every lock of the dictionary, but only until all series are there.
        var labels = _series.Count < SeriesAtMost ? new LabelSet(tags) : new LabelSet([new("otel_metric_overflow", "true")]);
        return _series.GetOrAdd(labels, static (_, bounds) => new MetricSeries(bounds), _bounds);
    }

    private static double[] Bounds(Instrument instrument) => instrument switch
    {
        Histogram<double> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds],
        Histogram<long> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds.Select(bound => (double)bound)],
        _ => DefaultBounds,
    };
}
