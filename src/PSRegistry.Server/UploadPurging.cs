using Microsoft.Extensions.Logging;
using PSRegistry.Oci;
using PSRegistry.Server.Configuration;
using PSRegistry.Storage;

namespace PSRegistry.Server;

/// <summary>Removes abandoned uploads at intervals (<c>storage.maintenance.uploadpurging</c>), the first time soon after the start.</summary>
internal sealed partial class UploadPurging(StorageRegistry registry, UploadPurgingConfiguration configuration, ILogger log) : IAsyncDisposable
{
    private static readonly TimeSpan FirstAfter = TimeSpan.FromMinutes(1);

    private readonly CancellationTokenSource _stopping = new();
    private Task _running = Task.CompletedTask;

    public void Start() => _running = RunAsync(_stopping.Token);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        _stopping.Dispose();
    }

    private async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            await Task.Delay(FirstAfter < configuration.Interval ? FirstAfter : configuration.Interval, stopping);
            using var timer = new PeriodicTimer(configuration.Interval);
            do
                await PurgeAsync(stopping);
            while (await timer.WaitForNextTickAsync(stopping));
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    private async Task PurgeAsync(CancellationToken stopping)
    {
        try
        {
            await foreach (var (repository, upload) in registry.PurgeUploadsAsync(DateTimeOffset.UtcNow - configuration.Age, configuration.DryRun, stopping))
                Log.Purged(log, configuration.DryRun ? "would be purged" : "purged", upload.Id, repository, upload.StartedAt, upload.Size);
        }
        catch (StorageException fault)
        {
            Log.Failed(log, fault);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 10, Level = LogLevel.Information, Message = "upload {Upload} of {Repository} {What}: begun {StartedAt}, {Bytes} bytes")]
        public static partial void Purged(ILogger log, string what, UploadId upload, RepositoryName repository, DateTimeOffset startedAt, long bytes);

        [LoggerMessage(EventId = 11, Level = LogLevel.Error, Message = "purging abandoned uploads failed; it is tried again at the next interval")]
        public static partial void Failed(ILogger log, Exception fault);
    }
}
