using System.Collections.Immutable;
using Microsoft.Extensions.Logging;

namespace PSRegistry.Server.Health;

/// <summary>Looks at everything that <c>health</c> names, each at its own interval, the first time after one interval.</summary>
internal sealed partial class HealthMonitor(IReadOnlyList<HealthProbe> probes, ILogger log) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private Task _running = Task.CompletedTask;
    private ImmutableSortedDictionary<string, string> _failing = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    public bool IsHealthy => Failing.IsEmpty;

    /// <summary>What fails, and why.</summary>
    public ImmutableSortedDictionary<string, string> Failing => Volatile.Read(ref _failing);

    public void Start() => _running = Task.WhenAll(probes.Select(WatchAsync));

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        _stopping.Dispose();
    }

    private async Task WatchAsync(HealthProbe probe)
    {
        try
        {
            using var timer = new PeriodicTimer(probe.Interval);
            for (var failures = 0; await timer.WaitForNextTickAsync(_stopping.Token);)
            {
                var fault = await LookAsync(probe);
                failures = fault is null ? 0 : Math.Min(failures + 1, int.MaxValue - 1);
                Report(probe.Name, failures >= Math.Max(1, probe.Threshold) ? fault : null);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    /// <summary>A probe that breaks has not seen that all is well.</summary>
    private async Task<string?> LookAsync(HealthProbe probe)
    {
        try
        {
            return await probe.Look(_stopping.Token);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            return fault.Message;
        }
    }

    private void Report(string name, string? fault)
    {
        var before = Failing.GetValueOrDefault(name);
        if (before == fault)
            return;
        ImmutableInterlocked.Update(ref _failing, failing => fault is null ? failing.Remove(name) : failing.SetItem(name, fault));
        if (fault is null)
            Log.Well(log, name);
        else if (before is null)
            Log.Fails(log, name, fault);
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 85, Level = LogLevel.Error, Message = "health: {Check} fails ({Reason}); requests are answered 503")]
        public static partial void Fails(ILogger log, string check, string reason);

        [LoggerMessage(EventId = 86, Level = LogLevel.Warning, Message = "health: {Check} is well again")]
        public static partial void Well(ILogger log, string check);
    }
}
