using Microsoft.Extensions.Logging;

namespace PSRegistry.Server.Notifications;

/// <summary>What is done once a second: flushing, letting go of what is old, replays that were asked for; and now and then a look for outboxes whose servers are gone.</summary>
internal sealed partial class OutboxCare(RegistryEvents events, ILogger log) : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>A server that is restarted comes back for its outbox.</summary>
    private const int RoundsBetweenLooks = 10;

    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Replays whose file is still there because the disk failed: they are not begun again each second.</summary>
    private readonly HashSet<string> _begun = new(StringComparer.Ordinal);

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
        var readers = events.Deliveries.Select(delivery => delivery.Name).ToHashSet(StringComparer.Ordinal);
        var root = Path.GetDirectoryName(own.Folder)!;
        if (look)
            await AlsoAfterFaultsAsync(root, () => LookAsync(root, own, readers));
        foreach (var outbox in events.Adopted.Append(own))
            await AlsoAfterFaultsAsync(outbox.Folder, () => LookAfterAsync(outbox, readers));
        foreach (var adopted in events.Adopted)
            await AlsoAfterFaultsAsync(adopted.Folder, () => LetGoAsync(adopted));
    }

    /// <summary>What is wrong with one outbox is no reason to neglect the others.</summary>
    private async Task AlsoAfterFaultsAsync(string folder, Func<Task> care)
    {
        try
        {
            await care();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            Log.Failed(log, folder, fault);
        }
    }

    private async Task LookAsync(string root, OutboxFolder own, HashSet<string> readers)
    {
        foreach (var folder in OutboxFolders.List(root).Except(events.Adopted.Append(own).Select(outbox => outbox.Folder)))
            await AlsoAfterFaultsAsync(folder, () => AdoptAsync(folder, readers));
    }

    private async Task AdoptAsync(string folder, HashSet<string> readers)
    {
        if (OutboxFolder.TryOpen(folder, events.Limits, log) is not { } outbox)
            return;
        try
        {
            if (outbox.IsWaitedFor(readers))
            {
                Log.Adopted(log, folder);
                await events.AdoptAsync(outbox);
                return;
            }
            outbox.Maintain(readers);
        }
        catch
        {
            await outbox.DisposeAsync();
            throw;
        }
        await ReleaseAsync(outbox);
    }

    private async Task LookAfterAsync(OutboxFolder outbox, HashSet<string> readers)
    {
        var replays = await ReplayAsync(outbox);
        outbox.Limits = events.Limits;
        outbox.Maintain(readers);
        // Only now do the positions on disk say what is to be sent once more.
        foreach (var file in replays)
        {
            File.Delete(file);
            _begun.Remove(file);
        }
    }

    private async Task LetGoAsync(OutboxFolder outbox)
    {
        if (await events.TryLetGoAsync(outbox))
            await ReleaseAsync(outbox);
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
        foreach (var file in ReplayRequest.In(outbox.Folder))
        {
            begun.Add(file);
            if (!_begun.Add(file))
                continue;
            if (ReplayRequest.Read(file, log) is not { } request)
                continue;
            await events.ReplayAsync(outbox, request);
            Log.Replayed(log, outbox.Folder, request.Since, request.Endpoint ?? "all endpoints");
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
