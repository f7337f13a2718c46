using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using PSRegistry.Oci;
using PSRegistry.Server.Configuration;

namespace PSRegistry.Server.Notifications;

/// <summary>
/// Where events go: into the outbox for the endpoints, and to whoever watches at the moment. While nobody wants any, all of it is a look
/// at two fields.
/// </summary>
internal sealed class RegistryEvents : IAsyncDisposable
{
    /// <summary>How long a stop waits for what can be delivered at once.</summary>
    private static readonly TimeSpan QuickDelivery = TimeSpan.FromSeconds(2);

    private readonly StorageConfiguration _storage;
    private readonly ILogger _log;
    private readonly NotificationInstruments _instruments;
    private readonly OutboxCare _care;
    private readonly SemaphoreSlim _oneAtATime = new(1, 1);
    private readonly EventWatchers _watchers = new();
    private bool _isDisposed;
    private volatile bool _isRecording;
    private volatile IOutbox? _outbox;
    private ImmutableArray<EndpointState> _endpoints = [];
    private ImmutableArray<Webhook> _webhooks = [];
    private ImmutableArray<Delivery> _deliveries = [];
    private ImmutableArray<OutboxFolder> _adopted = [];

    private RegistryEvents(StorageConfiguration storage, ILogger log, Meter meter)
    {
        (_storage, _log) = (storage, log);
        _instruments = new NotificationInstruments(meter, this);
        _care = new OutboxCare(this, log);
    }

    /// <summary>Whether anybody wants events.</summary>
    public bool AreWanted => _isRecording || _watchers.AreAny;

    public bool IncludeReferences { get; private set; }

    /// <summary>What every event tells of the server; the address is known once it listens.</summary>
    public EventSource Source { get; } = new();

    public IReadOnlyList<Delivery> Deliveries => _deliveries;

    /// <summary>Outboxes of servers that are gone, from which this one delivers.</summary>
    internal IReadOnlyList<OutboxFolder> Adopted => _adopted;

    public long OutboxSize => (_outbox as OutboxFolder)?.Size ?? 0;

    public long Lost => ((_outbox as OutboxFolder)?.Lost ?? 0) + _watchers.Lost;

    /// <summary>The outbox that this server writes to; null before it has one.</summary>
    internal IOutbox? Outbox => _outbox;

    internal OutboxConfiguration Limits { get; private set; } = new();

    /// <param name="configuration">Who is to be told.</param>
    /// <param name="log">The server's log.</param>
    /// <param name="meter">The server's; whoever owns it ends what is measured.</param>
    /// <exception cref="RegistryStartException">The outbox cannot be used.</exception>
    public static async Task<RegistryEvents> OpenAsync(RegistryConfiguration configuration, ILogger log, Meter meter)
    {
        var events = new RegistryEvents(configuration.Storage, log, meter);
        try
        {
            await events.ApplyAsync(configuration.Notifications);
        }
        catch
        {
            await events.DisposeAsync();
            throw;
        }
        return events;
    }

    /// <summary>
    /// Goes on with other endpoints and limits. Who stays goes on where it was, even under another address. Where events are kept is settled
    /// when the first is: another <c>outbox.path</c> counts after a restart.
    /// </summary>
    /// <exception cref="RegistryStartException">The outbox cannot be used; what counted before goes on.</exception>
    public async Task ApplyAsync(NotificationConfiguration configuration)
    {
        await _oneAtATime.WaitAsync();
        try
        {
            if (configuration.IsRecording && _outbox is null)
                _outbox = OutboxSetup.Open(configuration.Outbox, _storage, _log);
            IncludeReferences = configuration.IncludeReferences;
            Limits = configuration.Outbox;
            if (_outbox is OutboxFolder own)
                own.Limits = Limits;
            await EndDeliveriesAsync();
            _endpoints = [.. configuration.Endpoints.Where(endpoint => !endpoint.Disabled).Select(endpoint => new EndpointState(endpoint, _log))];
            _webhooks = [.. _endpoints.Select(state => new Webhook(state.Endpoint))];
            if (_outbox is not null)
                _deliveries = [.. Deliver(_outbox), .. _adopted.SelectMany(Deliver)];
            if (_outbox is OutboxFolder folder)
                _care.Start(folder);
            _isRecording = configuration.IsRecording;
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    /// <summary>Tells of an event.</summary>
    /// <param name="record">What happened.</param>
    /// <param name="references">What the manifest refers to, where that is to be told.</param>
    /// <param name="durable">Whether the task ends when the event is on disk, rather than at once.</param>
    public Task RecordAsync(EventRecord record, IEnumerable<Descriptor> references, bool durable)
    {
        _watchers.Tell(record);
        if (!_isRecording || _outbox is not { } outbox)
            return Task.CompletedTask;
        foreach (var endpoint in _endpoints)
        {
            if (!endpoint.Ignores(record.Action, record.MediaType))
                _instruments.Came(endpoint.Endpoint.Name);
        }
        return outbox.AppendAsync(EventJson.Write(record, references), durable);
    }

    /// <summary>Events as they happen, or from a moment in the past on where they are kept.</summary>
    /// <param name="since">The moment; null for now.</param>
    /// <param name="follow">Whether to wait for those that come, until the server stops.</param>
    /// <param name="cancellationToken">Ends the watching.</param>
    public IAsyncEnumerable<EventRecord> WatchAsync(DateTimeOffset? since, bool follow, CancellationToken cancellationToken) =>
        since is { } time && _outbox is { } outbox && _isRecording
            ? OutboxWatch.OfAsync(outbox, time, follow, _watchers.Ended, cancellationToken)
            : follow ? _watchers.WatchAsync(cancellationToken) : AsyncEnumerable.Empty<EventRecord>();

    /// <summary>Sends once more what is kept since a moment.</summary>
    internal async Task ReplayAsync(OutboxFolder outbox, ReplayRequest request)
    {
        var from = outbox.Find(request.Since);
        await _oneAtATime.WaitAsync();
        try
        {
            foreach (var delivery in _deliveries.Where(delivery => delivery.Outbox == outbox && (request.Endpoint is null || request.Endpoint == delivery.Name)))
                delivery.Replay(from);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    /// <summary>Begins to deliver what a server that is gone has left.</summary>
    internal async Task AdoptAsync(OutboxFolder outbox)
    {
        await _oneAtATime.WaitAsync();
        try
        {
            _adopted = _adopted.Add(outbox);
            _deliveries = [.. _deliveries, .. Deliver(outbox)];
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    /// <summary>Ends what delivers from an outbox; false while there is somebody who has not had all of it, perhaps only since a moment ago.</summary>
    internal async Task<bool> TryLetGoAsync(OutboxFolder outbox)
    {
        await _oneAtATime.WaitAsync();
        try
        {
            if (outbox.IsWaitedFor(_endpoints.Select(state => state.Endpoint.Name)))
                return false;
            foreach (var delivery in _deliveries.Where(delivery => delivery.Outbox == outbox))
                await delivery.DisposeAsync();
            _deliveries = _deliveries.RemoveAll(delivery => delivery.Outbox == outbox);
            _adopted = _adopted.Remove(outbox);
            return true;
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    /// <summary>Delivers what can be delivered at once; the rest stays in the outbox. Nobody records anything any more.</summary>
    public async Task DrainAsync(CancellationToken breakOff)
    {
        _watchers.End();
        await _care.DisposeAsync();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(breakOff);
        limit.CancelAfter(QuickDelivery);
        await Task.WhenAll(_deliveries.Select(delivery => delivery.DrainAsync(limit.Token)));
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, true))
            return;
        _isRecording = false;
        await _care.DisposeAsync();
        await EndDeliveriesAsync();
        _watchers.End();
        _watchers.Dispose();
        foreach (var adopted in _adopted)
            await adopted.DisposeAsync();
        if (_outbox is not null)
            await _outbox.DisposeAsync();
        _oneAtATime.Dispose();
    }

    private IEnumerable<Delivery> Deliver(IOutbox outbox) =>
        _endpoints.Zip(_webhooks, (state, webhook) => new Delivery(outbox, state, webhook, _instruments, _log));

    private async Task EndDeliveriesAsync()
    {
        await Task.WhenAll(_deliveries.Select(delivery => delivery.DisposeAsync().AsTask()));
        _deliveries = [];
        foreach (var webhook in _webhooks)
            webhook.Dispose();
        _webhooks = [];
    }
}
