using Microsoft.Extensions.Logging;
using PSRegistry.Server.Configuration;

namespace PSRegistry.Server.Notifications;

/// <summary>Opens the outbox that a configuration means.</summary>
internal static partial class OutboxSetup
{
    /// <summary>Where events are kept on disk; null where they are kept in memory.</summary>
    public static string? FolderOf(OutboxConfiguration outbox, StorageConfiguration storage) => outbox switch
    {
        { Enabled: false } => null,
        { Path: { } path } => Path.GetFullPath(path),
        _ => storage.Driver == StorageDriverKind.InMemory ? null : OutboxFolders.In(storage.RootDirectory),
    };

    /// <exception cref="RegistryStartException">The folder cannot be used.</exception>
    public static IOutbox Open(OutboxConfiguration outbox, StorageConfiguration storage, ILogger log)
    {
        if (FolderOf(outbox, storage) is not { } folder)
            return new MemoryOutbox();
        try
        {
            return new OutboxFolders(folder, log).OpenOwn(outbox);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // Served from a disk that nobody may write to, a registry tells of pulls as the original does.
            if (storage.ReadOnly && outbox.Path is null)
            {
                Log.InMemory(log, folder, fault.Message);
                return new MemoryOutbox();
            }
            throw new RegistryStartException(
                StartFailure.Setting,
                $"the outbox of notifications '{folder}' cannot be used: {fault.Message}. Give its owner the rights, set notifications.outbox.path " +
                "(or REGISTRY_NOTIFICATIONS_OUTBOX_PATH) to another folder, or notifications.outbox.enabled: false to keep events in memory.",
                fault);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 66, Level = LogLevel.Warning, Message = "events cannot be kept in {Folder} ({Reason}): they are kept in memory, and end with the server")]
        public static partial void InMemory(ILogger log, string folder, string reason);
    }
}
