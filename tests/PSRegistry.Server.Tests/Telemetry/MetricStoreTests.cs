using System.Diagnostics.Metrics;
using System.Text;
using PSRegistry.Server.Telemetry;
using PSRegistry.Testing;

namespace PSRegistry.Server.Tests.Telemetry;

/// <summary>Instruments as Prometheus reads them.</summary>
public sealed class MetricStoreTests : IDisposable
{
    private readonly object _scope = new();
    private readonly Meter _meter;

    public MetricStoreTests() => _meter = new Meter(new MeterOptions("PSRegistry.Test") { Scope = _scope });

    public void Dispose() => _meter.Dispose();

    [Fact]
    public void What_many_threads_measure_is_all_there()
    {
        using var store = new MetricStore(_scope);
        var counter = _meter.CreateCounter<long>("test.counted", "{thing}");
        var histogram = _meter.CreateHistogram("test.sizes", "By", null, null, new InstrumentAdvice<long> { HistogramBucketBoundaries = [10, 100] });
        Parallel.For(0, 10_000, i =>
        {
            counter.Add(1, new KeyValuePair<string, object?>("parity", i % 2 == 0 ? "even" : "odd"));
            histogram.Record(i % 200);
        });
        var text = Read(store);
        Assert.Equal((5000, 5000), (text.Value("test_counted_total", "parity=even"), text.Value("test_counted_total", "parity=odd")));
        Assert.Equal((550, 5050, 10_000), (text.Value("test_sizes_bytes_bucket", "le=10"), text.Value("test_sizes_bytes_bucket", "le=100"), text.Value("test_sizes_bytes_bucket", "le=+Inf")));
        Assert.Equal((10_000, 995_000), (text.Value("test_sizes_bytes_count"), text.Value("test_sizes_bytes_sum")));
    }

    [Fact]
    public void Names_of_the_original_come_out_as_they_are()
    {
        using var store = new MetricStore(_scope);
        _meter.CreateObservableGauge("registry.notifications.pending.total", () => new Measurement<int>(3, new KeyValuePair<string, object?>("endpoint", "mine")));
        _meter.CreateCounter<long>("registry.notifications.events").Add(1);
        var text = Read(store);
        Assert.Equal(3, text.Value("registry_notifications_pending_total", "endpoint=mine"));
        Assert.Equal("gauge", text.Types["registry_notifications_pending_total"]);
        Assert.Equal(1, text.Value("registry_notifications_events_total"));
    }

    [Fact]
    public void Odd_values_do_not_break_the_text()
    {
        using var store = new MetricStore(_scope);
        _meter.CreateGauge<double>("9odd name", null, "two\nlines \\").Record(double.NaN, new KeyValuePair<string, object?>("a.b", "quote \" and \\ and\nend"));
        var text = Encoding.UTF8.GetString(store.Write().Span);
        Assert.Contains("# HELP _9odd_name two\\nlines \\\\\n", text, StringComparison.Ordinal);
        Assert.Contains("_9odd_name{a_b=\"quote \\\" and \\\\ and\\nend\"} NaN\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Bounds_are_written_as_the_original_writes_them()
    {
        using var store = new MetricStore(_scope);
        _meter.CreateHistogram("test.bounds", null, null, null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [1e-5, .005, 2.5, 524288, 1048576, 2147483648] }).Record(1);
        var bounds = Read(store).Samples.Where(sample => sample.Name == "test_bounds_bucket").Select(sample => sample.Labels.Single());
        Assert.Equal(["le=1e-05", "le=0.005", "le=2.5", "le=524288", "le=1.048576e+06", "le=2.147483648e+09", "le=+Inf"], bounds);
    }

    [Fact]
    public void Series_without_end_end_in_one()
    {
        using var store = new MetricStore(_scope);
        var counter = _meter.CreateCounter<long>("test.many");
        for (var i = 0; i < MetricFamily.SeriesAtMost + 500; i++)
            counter.Add(1, new KeyValuePair<string, object?>("id", i));
        var text = Read(store);
        Assert.Equal(MetricFamily.SeriesAtMost + 1, text.Samples.Count(sample => sample.Name == "test_many_total"));
        Assert.Equal(500, text.Value("test_many_total", "otel_metric_overflow=true"));
    }

    [Fact]
    public void What_is_observed_no_longer_is_gone_and_an_instrument_that_breaks_takes_no_other_along()
    {
        using var store = new MetricStore(_scope);
        var there = "first";
        _meter.CreateObservableGauge("test.there", () => new Measurement<int>(1, new KeyValuePair<string, object?>("what", there)));
        _meter.CreateObservableGauge("test.broken", int () => throw new InvalidOperationException("broken"));
        Assert.Equal(1, Read(store).Value("test_there", "what=first"));
        there = "second";
        var text = Read(store);
        Assert.Equal((null, 1), (text.Value("test_there", "what=first"), text.Value("test_there", "what=second")));
    }

    [Fact]
    public void Nobody_listens_when_no_store_is_there()
    {
        var counter = _meter.CreateCounter<long>("test.idle");
        Assert.False(counter.Enabled);
        using (new MetricStore(_scope))
            Assert.True(counter.Enabled);
        Assert.False(counter.Enabled);
    }

    private static Exposition Read(MetricStore store) => Exposition.Parse(Encoding.UTF8.GetString(store.Write().Span));
}
