using Microsoft.Extensions.Logging;

namespace PSRegistry.Server.Notifications;

/// <summary>
/// Brings the events of one outbox to one endpoint, in their order, each until it is taken. An event that was sent but not known to be
/// taken is sent again under the same name.
/// </summary>
internal sealed partial class Delivery : IAsyncDisposable
{
    private readonly IOutbox _outbox;
    private readonly EndpointState _state;
    private readonly Webhook _webhook;
    private readonly NotificationInstruments _instruments;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _breakingOff = new();
    private readonly OutboxCursor _cursor;
    private readonly Task _running;
    private readonly Lock _gate = new();
    private long _next;
    private long _replayFrom = long.MaxValue;
    private long _oldest;
    private volatile bool _isDraining;

    public Delivery(IOutbox outbox, EndpointState state, Webhook webhook, NotificationInstruments instruments, ILogger log)
    {
        (_outbox, _state, _webhook, _instruments, _log) = (outbox, state, webhook, instruments, log);
        _next = outbox.Positions.Of(Name, outbox.End);
        _cursor = new OutboxCursor(_next);
        _running = Task.Run(RunAsync);
    }

    public string Name => _state.Endpoint.Name;

    public IOutbox Outbox => _outbox;

    /// <summary>How many events wait.</summary>
    public long Pending => Math.Max(0, _outbox.End - Volatile.Read(ref _next));

    /// <summary>For how long the oldest of them has been waiting.</summary>
    public TimeSpan Lag => Volatile.Read(ref _oldest) is > 0 and var ticks && Pending > 0 ? DateTimeOffset.UtcNow - new DateTimeOffset(ticks, TimeSpan.Zero) : TimeSpan.Zero;

    /// <summary>Sends everything once more from this event on, or from an earlier one that was asked for too. Its position says so at once.</summary>
    public void Replay(long from)
    {
        lock (_gate)
        {
            _replayFrom = Math.Min(from, _replayFrom);
            _outbox.Positions.Set(Name, Math.Min(_replayFrom, _next));
        }
    }

    /// <summary>Delivers what waits for as long as the endpoint takes it; ends at the first failure.</summary>
    public async Task DrainAsync(CancellationToken breakOff)
    {
        _isDraining = true;
        await using var registration = breakOff.Register(_breakingOff.Cancel);
        await StopAsync(Pending == 0);
    }

    /// <summary>Ends after the attempt that is under way.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(atOnce: true);
        _stopping.Dispose();
        _breakingOff.Dispose();
    }

    private async Task StopAsync(bool atOnce)
    {
        if (atOnce)
            await _stopping.CancelAsync();
        await _running;
    }

    private async Task RunAsync()
    {
        try
        {
            while (!_stopping.IsCancellationRequested)
            {
                try
                {
                    await StepAsync();
                }
                catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
                {
                    Log.Unreadable(_log, Name, fault);
                    _cursor.MoveTo(_next);
                    await Task.Delay(TimeSpan.FromSeconds(1), _stopping.Token);
                }
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested || _breakingOff.IsCancellationRequested)
        {
            // The rest stays in the outbox.
        }
    }

    private async Task StepAsync()
    {
        Rewind();
        var lines = _outbox.Read(_cursor);
        if (_cursor.Dropped > 0)
        {
            _instruments.Dropped(Name, _cursor.Dropped);
            Log.Dropped(_log, Name, _cursor.Dropped);
            _cursor.Dropped = 0;
        }
        var number = _cursor.Next - lines.Count;
        Advance(number);
        foreach (var line in lines)
        {
            if (!await DeliverAsync(line))
                return;
            if (Volatile.Read(ref _replayFrom) != long.MaxValue)
                return;
            Advance(++number);
        }
        if (lines.Count > 0)
            return;
        if (_isDraining)
            await _stopping.CancelAsync();
        else
            await WaitAsync();
    }

    private async Task WaitAsync()
    {
        using var woken = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        // A drain and a replay are looked for now and then; new events wake at once.
        woken.CancelAfter(TimeSpan.FromMilliseconds(200));
        try
        {
            await _outbox.WaitAsync(_cursor.Next, woken.Token);
        }
        catch (OperationCanceledException) when (!_stopping.IsCancellationRequested)
        {
        }
    }

    private void Rewind()
    {
        lock (_gate)
        {
            if (_replayFrom == long.MaxValue)
                return;
            Volatile.Write(ref _next, Math.Min(_replayFrom, _next));
            _replayFrom = long.MaxValue;
            _outbox.Positions.Set(Name, _next);
        }
        _cursor.MoveTo(_next);
    }

    private void Advance(long next)
    {
        if (next == _next)
            return;
        lock (_gate)
        {
            Volatile.Write(ref _next, next);
            // A replay that was asked for during the last attempt must not be forgotten by a stop before it begins.
            _outbox.Positions.Set(Name, Math.Min(_replayFrom, next));
        }
    }

    /// <summary>Whether the event is done with; false when the server stops before.</summary>
    private async Task<bool> DeliverAsync(ReadOnlyMemory<byte> line)
    {
        if (!EventJson.TryRead(line, out var record) || _state.Ignores(record.Action, record.MediaType))
            return true;
        Volatile.Write(ref _oldest, record.Time.UtcTicks);
        while (!_stopping.IsCancellationRequested)
        {
            if (_state.Pause is { Ticks: > 0 } pause)
            {
                if (_isDraining)
                    break;
                await Task.Delay(pause < TimeSpan.FromMilliseconds(200) ? pause : TimeSpan.FromMilliseconds(200), _stopping.Token);
                continue;
            }
            if (await TryPostAsync(line))
                return true;
            if (_isDraining)
                break;
        }
        await _stopping.CancelAsync();
        return false;
    }

    private async Task<bool> TryPostAsync(ReadOnlyMemory<byte> line)
    {
        try
        {
            var status = await _webhook.PostAsync(line, _breakingOff.Token);
            var isTaken = (int)status is >= 200 and < 400;
            _instruments.Answered(Name, status, isTaken);
            if (isTaken)
                _state.Succeeded();
            else
                _state.Failed($"it answered {(int)status}");
            return isTaken;
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException || (fault is TaskCanceledException && !_breakingOff.IsCancellationRequested))
        {
            _instruments.Unreachable(Name);
            _state.Failed(fault is TaskCanceledException ? $"no answer within {_state.Endpoint.Timeout.TotalSeconds} s" : fault.Message);
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 65, Level = LogLevel.Error, Message = "the endpoint {Endpoint} will not get {Count} events: the outbox was full, and dropped them")]
        public static partial void Dropped(ILogger log, string endpoint, long count);

        [LoggerMessage(EventId = 70, Level = LogLevel.Error, Message = "the events for {Endpoint} cannot be read; it is tried again")]
        public static partial void Unreadable(ILogger log, string endpoint, Exception fault);
    }
}
