using System.Diagnostics.Metrics;

namespace PSRegistry.Storage;

/// <summary>What is measured of a storage, under the names of the original where it has them.</summary>
internal sealed class StorageInstruments(Meter meter)
{
    // What is in memory takes microseconds, what is flushed milliseconds, and what is far away more: the original's bounds from 5 ms on see only the last.
    private static readonly InstrumentAdvice<double> Seconds =
        new() { HistogramBucketBoundaries = [.00001, .0001, .001, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 25, 60] };

    /// <summary>By <c>driver</c> and <c>action</c>.</summary>
    public Histogram<double> Action { get; } =
        meter.CreateHistogram("registry.storage.action", "s", "The number of seconds that the storage action takes", tags: null, Seconds);

    /// <summary>By <c>driver</c> and <c>action</c>.</summary>
    public Counter<long> Errors { get; } = meter.CreateCounter<long>("registry.storage.errors", "{action}", "Storage actions that failed");
}
