using System.Diagnostics.Metrics;

namespace PSRegistry.Server.Telemetry;

/// <summary>What is measured of requests, under the names, labels and bounds of the original.</summary>
internal sealed class HttpInstruments(Meter meter)
{
    private static readonly InstrumentAdvice<double> Seconds = new() { HistogramBucketBoundaries = [.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 25, 60] };

    /// <remarks>Whole numbers in real ones, as Kestrel's histograms are: each kind is compiled by itself where a program is compiled as it starts.</remarks>
    private static readonly InstrumentAdvice<double> Bytes = new() { HistogramBucketBoundaries = PowersOfTwo(from: 10, to: 31) };

    /// <summary>By <c>code</c>, <c>method</c> and <c>handler</c>.</summary>
    public Counter<long> Requests { get; } = meter.CreateCounter<long>("registry.http.requests", "{request}", "Requests that were answered, or broke off");

    /// <summary>By <c>handler</c> and <c>method</c>.</summary>
    public Histogram<double> Duration { get; } =
        meter.CreateHistogram("registry.http.request.duration", "s", "How long requests took, bodies included", tags: null, Seconds);

    /// <summary>By <c>handler</c>.</summary>
    public UpDownCounter<long> InFlight { get; } = meter.CreateUpDownCounter<long>("registry.http.in_flight_requests", "{request}", "Requests that are being answered");

    /// <summary>By <c>handler</c>; of requests that tell their length.</summary>
    public Histogram<double> RequestSize { get; } = meter.CreateHistogram("registry.http.request.size", "By", "How large the bodies of requests were", tags: null, Bytes);

    /// <summary>By <c>handler</c>.</summary>
    public Histogram<double> ResponseSize { get; } = meter.CreateHistogram("registry.http.response.size", "By", "How large the bodies of answers were", tags: null, Bytes);

    /// <summary>Whether anybody wants to know.</summary>
    public bool IsEnabled => Requests.Enabled || Duration.Enabled;

    private static double[] PowersOfTwo(int from, int to)
    {
        var powers = new double[to - from + 1];
        for (var power = from; power <= to; power++)
            powers[power - from] = 1L << power;
        return powers;
    }
}
