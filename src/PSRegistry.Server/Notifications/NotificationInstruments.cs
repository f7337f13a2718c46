using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.WebUtilities;

namespace PSRegistry.Server.Notifications;

/// <summary>What is measured, by the original's names and labels where it measures the same.</summary>
internal sealed class NotificationInstruments
{
    private readonly Counter<long> _events;
    private readonly Counter<long> _status;
    private readonly Counter<long> _dropped;

    /// <param name="meter">The server's.</param>
    /// <param name="events">Who is asked when somebody looks.</param>
    public NotificationInstruments(Meter meter, RegistryEvents events)
    {
        _events = meter.CreateCounter<long>("registry.notifications.events", "{event}", "The number of total events");
        _status = meter.CreateCounter<long>("registry.notifications.status", "{answer}", "The number of status code");
        _dropped = meter.CreateCounter<long>("registry.notifications.dropped", "{event}", "Events that an endpoint will not get, because the outbox was full");
        meter.CreateObservableGauge("registry.notifications.pending.total", () => Each(events, delivery => delivery.Pending, Enumerable.Sum), "{event}", "The gauge of pending events in queue");
        meter.CreateObservableGauge("registry.notifications.lag", () => Each(events, delivery => delivery.Lag.TotalSeconds, Enumerable.Max), "s", "For how long the oldest pending event has been waiting");
        meter.CreateObservableGauge("registry.notifications.outbox.size", () => events.OutboxSize, "By", "Events on disk");
        meter.CreateObservableCounter("registry.notifications.lost", () => events.Lost, "{event}", "Events that could not be kept: the disk was full, or too many pulls came at once");
    }

    public void Came(string endpoint) => _events.Add(1, Label("type", "Events"), Label("endpoint", endpoint));

    public void Answered(string endpoint, HttpStatusCode status, bool isTaken)
    {
        var code = string.Create(CultureInfo.InvariantCulture, $"{(int)status} {ReasonPhrases.GetReasonPhrase((int)status)}");
        _status.Add(1, Label("code", code.TrimEnd()), Label("endpoint", endpoint));
        _events.Add(1, Label("type", isTaken ? "Successes" : "Failures"), Label("endpoint", endpoint));
    }

    public void Unreachable(string endpoint) => _events.Add(1, Label("type", "Errors"), Label("endpoint", endpoint));

    public void Dropped(string endpoint, long count) => _dropped.Add(count, Label("endpoint", endpoint));

    private static IEnumerable<Measurement<T>> Each<T>(RegistryEvents events, Func<Delivery, T> look, Func<IEnumerable<T>, T> together)
        where T : struct =>
        events.Deliveries.GroupBy(delivery => delivery.Name).Select(group => new Measurement<T>(together(group.Select(look)), Label("endpoint", group.Key)));

    private static KeyValuePair<string, object?> Label(string name, string value) => new(name, value);
}
