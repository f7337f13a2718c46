using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using PSRegistry.Testing;

namespace PSRegistry.Server.Tests.Notifications;

/// <summary>What is measured of deliveries, by the original's names and labels.</summary>
public sealed class InstrumentTests : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ConcurrentDictionary<string, double> _values = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync() => await _folder.DisposeAsync();

    [Fact]
    public async Task Events_answers_and_what_waits_are_counted_by_endpoint()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer = _ => Task.FromResult(503);
        using var listener = Listen();
        await using var registry = await Notified.StartAsync(_folder, Notified.Endpoint(receiver, "metered") with { Threshold = 1 });
        await Notified.PushAsync(registry, 3, Token);
        await receiver.WaitUntilAsync(() => receiver.Attempts.Count > 1, Token);
        listener.RecordObservableInstruments();
        Assert.Equal((3, 3), (_values["registry.notifications.events type=Events"], _values["registry.notifications.pending.total"]));
        Assert.True(_values["registry.notifications.lag"] > 0);
        Assert.True(_values["registry.notifications.events type=Failures"] > 0);
        Assert.True(_values["registry.notifications.status code=503 Service Unavailable"] > 0);

        receiver.Answer = _ => Task.FromResult(200);
        var delivery = Assert.Single(registry.Server.Events.Deliveries);
        await receiver.WaitUntilAsync(() => delivery.Pending == 0, Token);
        listener.RecordObservableInstruments();
        Assert.Equal((0, 0), (_values["registry.notifications.pending.total"], _values["registry.notifications.lag"]));
        Assert.Equal((3, 3), (_values["registry.notifications.events type=Successes"], _values["registry.notifications.status code=200 OK"]));
    }

    [Fact]
    public async Task Deliveries_are_measured_by_the_meter_of_their_server()
    {
        var meters = new ConcurrentBag<Meter>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (instrument.Name is "registry.notifications.events" or "registry.http.requests")
                meters.Add(instrument.Meter);
        };
        listener.Start();
        await using var registry = await Notified.StartAsync(_folder);
        // Other tests run servers too: the scope tells whose a meter is.
        Assert.All(meters.GroupBy(meter => meter.Scope), ofServer => Assert.Single(ofServer.Distinct()));
    }

    private MeterListener Listen()
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listening) =>
            {
                if (instrument.Name.StartsWith("registry.notifications.", StringComparison.Ordinal))
                    listening.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, labels, _) => Take(instrument, value, labels));
        listener.SetMeasurementEventCallback<double>((instrument, value, labels, _) => Take(instrument, value, labels));
        listener.Start();
        return listener;
    }

    /// <summary>Other tests have endpoints as well.</summary>
    private void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> labels)
    {
        var all = labels.ToArray();
        if (!all.Any(label => label is { Key: "endpoint", Value: "metered" }))
            return;
        var name = all.FirstOrDefault(label => label.Key != "endpoint") is { Key: { } key } other ? $"{instrument.Name} {key}={other.Value}" : instrument.Name;
        _values.AddOrUpdate(name, value, (_, before) => instrument.IsObservable ? value : before + value);
    }
}
