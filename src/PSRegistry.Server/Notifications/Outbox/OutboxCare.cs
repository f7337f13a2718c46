using Microsoft.Extensions.Logging;

namespace PSRegistry.Server.Notifications;

/// <summary>What is done once a second: flushing, letting go of what is old, replays that were asked for; and now and then a look for outboxes whose servers are gone.</summary>
internal sealed partial class OutboxCare(RegistryEvents events, ILogger log) : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>A server that is restarted comes back for its outbox.</summary>
    private const int RoundsBetweenLooks = 10;

    private readonly CancellationTokenSource _stopping = new();
    private Task? _running;

    /// <summary>Begins, unless it has.</summary>
    public void Start(OutboxFolder own) => _running ??= Task.Run(() => RunAsync(own));

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        if (_running is not null)
            await _running;
    }

    private async Task RunAsync(OutboxFolder own)
    {
        using var timer = new PeriodicTimer(Interval);
        try
        {
            // What was asked for while no server ran comes first.
            for (var round = 1; ; round++)
            {
                await RoundAsync(own, look: round % RoundsBetweenLooks == 0);
                await timer.WaitForNextTickAsync(_stopping.Token);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    private async Task RoundAsync(OutboxFolder own, bool look)
    {
        try
        {
            var readers = events.Deliveries.Select(delivery => delivery.Name).ToHashSet(StringComparer.Ordinal);
            if (look)
                await LookAsync(own, readers);
            foreach (var outbox in events.Adopted.Append(own))
            {
                var replays = await ReplayAsync(outbox);
                outbox.Limits = events.Limits;
                outbox.Maintain(readers);
                // Only now do the positions on disk say what is to be sent once more.
                replays.ForEach(File.Delete);
            }
            foreach (var adopted in events.Adopted)
            {
                if (await events.TryLetGoAsync(adopted))
                    await ReleaseAsync(adopted);
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            Log.Failed(log, own.Folder, fault);
        }
    }

    private async Task LookAsync(OutboxFolder own, HashSet<string> readers)
    {
        var root = Path.GetDirectoryName(own.Folder)!;
        foreach (var outbox in new OutboxFolders(root, log).Adopt([own.Folder, .. events.Adopted.Select(adopted => adopted.Folder)], events.Limits))
        {
            if (!outbox.IsWaitedFor(readers))
            {
                outbox.Maintain(readers);
                await ReleaseAsync(outbox);
                continue;
            }
            Log.Adopted(log, outbox.Folder);
            await events.AdoptAsync(outbox);
        }
    }

    /// <summary>A server that starts takes it, with what is kept in it for replays; until then it is looked after now and then.</summary>
    private static async Task ReleaseAsync(OutboxFolder outbox)
    {
        if (outbox.IsEmpty)
            outbox.Remove();
        else
            await outbox.DisposeAsync();
    }

    /// <summary>Begins the replays that were asked for; their files.</summary>
    private async Task<List<string>> ReplayAsync(OutboxFolder outbox)
    {
        var begun = new List<string>();
        foreach (var (file, request) in ReplayRequest.In(outbox.Folder))
        {
            if (request is not null)
            {
                await events.ReplayAsync(outbox, request);
                Log.Replayed(log, outbox.Folder, request.Since, request.Endpoint ?? "all endpoints");
            }
            begun.Add(file);
        }
        return begun;
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 67, Level = LogLevel.Error, Message = "the outbox {Folder} could not be looked after; it is tried again")]
        public static partial void Failed(ILogger log, string folder, Exception fault);

        [LoggerMessage(EventId = 68, Level = LogLevel.Information, Message = "the outbox {Folder} has no server any more: this one delivers what is left in it")]
        public static partial void Adopted(ILogger log, string folder);

        [LoggerMessage(EventId = 69, Level = LogLevel.Information, Message = "the events in {Folder} since {Since} are sent once more to {Endpoint}")]
        public static partial void Replayed(ILogger log, string folder, DateTimeOffset since, string endpoint);
    }
}
