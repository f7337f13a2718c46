using System.Buffers;
using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace PSRegistry.Server.Telemetry;

/// <summary>
/// Holds what the instruments of one server measure, for Prometheus to fetch. Of the libraries there are, the exporter of OpenTelemetry has
/// been a beta for years and would bring its whole SDK into a start that has no use for it, and prometheus-net has had no release since
/// early 2024 and keeps one set of numbers for the process, in which several of our servers may run; the text is a page of code.
/// </summary>
internal sealed class MetricStore : IDisposable
{
    /// <summary>The meter of .NET itself.</summary>
    public const string Runtime = "System.Runtime";

    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, MetricFamily> _families = new(StringComparer.Ordinal);
    private readonly Lock _asking = new();
    private readonly object _server;

    /// <param name="server">The scope of the server's meters. Meters of ours that have none speak for all servers.</param>
    public MetricStore(object server)
    {
        _server = server;
        _listener.InstrumentPublished = Publish;
        _listener.SetMeasurementEventCallback<int>(static (_, value, tags, family) => ((MetricFamily)family!).Measure(value, tags));
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, family) => ((MetricFamily)family!).Measure(value, tags));
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, family) => ((MetricFamily)family!).Measure(value, tags));
        _listener.Start();
    }

    /// <summary>Everything, in the text format of Prometheus.</summary>
    public ReadOnlyMemory<byte> Write()
    {
        lock (_asking)
        {
            foreach (var family in _families.Values)
            {
                if (family.IsObservable)
                    family.Forget();
            }
            try
            {
                _listener.RecordObservableInstruments();
            }
            catch (AggregateException)
            {
                // An instrument that cannot tell its value is left out; the others were asked all the same.
            }
            var text = new ArrayBufferWriter<byte>(32 * 1024);
            MetricText.Write(text, _families.Values.OrderBy(family => family.Name, StringComparer.Ordinal));
            return text.WrittenMemory;
        }
    }

    public void Dispose() => _listener.Dispose();

    private void Publish(Instrument instrument, MeterListener listener)
    {
        var meter = instrument.Meter;
        var isOurs = meter.Name.StartsWith("PSRegistry.", StringComparison.Ordinal) && (meter.Scope is null || meter.Scope == _server);
        if (!isOurs && meter.Name != Runtime)
            return;
        var family = new MetricFamily(instrument);
        var held = _families.GetOrAdd(family.Name, family);
        // Two instruments of one name and of different kinds would make a text that cannot be read.
        if (held.Kind == family.Kind)
            listener.EnableMeasurementEvents(instrument, held);
    }
}
