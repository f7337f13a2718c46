using System.Globalization;
using Microsoft.Extensions.Logging;
using PSRegistry.Server.Configuration;
using PSRegistry.Storage;
using PSRegistry.Storage.Drivers;

namespace PSRegistry.Server.Notifications;

/// <summary>
/// The outboxes of all servers that run on the same data. A server takes the first that nobody has, which after a restart is the one
/// that it had; what is left in one without a server is delivered by another.
/// </summary>
internal sealed class OutboxFolders(string root, ILogger log)
{
    /// <summary>Where a data folder has them.</summary>
    public static string In(string dataFolder) => Path.Join(Path.GetFullPath(dataFolder), "psregistry", "events");

    /// <summary>Every folder, in order.</summary>
    public static IReadOnlyList<string> List(string root)
    {
        try
        {
            return [.. Directory.EnumerateDirectories(root).Where(folder => NumberOf(folder) > 0).OrderBy(NumberOf)];
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
    }

    /// <summary>An outbox to write to.</summary>
    /// <exception cref="IOException">The folder cannot be used.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be used.</exception>
    public OutboxFolder OpenOwn(OutboxConfiguration limits)
    {
        OwnerOnlyFile.MakeFolder(root);
        DurableFile.FlushFolder(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(root)))!);
        for (var number = 1; ; number++)
        {
            var folder = Path.Join(root, number.ToString(CultureInfo.InvariantCulture));
            OwnerOnlyFile.MakeFolder(folder);
            if (OutboxFolder.TryOpen(folder, limits, log) is not { } outbox)
                continue;
            DurableFile.FlushFolder(root);
            return outbox;
        }
    }

    private static int NumberOf(string folder) =>
        int.TryParse(Path.GetFileName(folder.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
