using System.Collections.ObjectModel;
using System.Management.Automation;
using PSRegistry.Errors;

namespace PSRegistry.Commands;

/// <summary>The files and folders that a cmdlet's paths name.</summary>
internal static class ImageFiles
{
    private const string FileSystem = "FileSystem";

    /// <summary>Each path in full; what names nothing is handed to <paramref name="onFault"/>.</summary>
    /// <param name="paths">PowerShell's own paths of the session.</param>
    /// <param name="texts">The paths as they were said.</param>
    /// <param name="isLiteral">Whether [, ] and * mean themselves.</param>
    /// <param name="onFault">Takes the errors.</param>
    public static IEnumerable<string> Resolve(PathIntrinsics paths, IEnumerable<string> texts, bool isLiteral, Action<ErrorRecord> onFault)
    {
        foreach (var text in texts)
        {
            var (found, reason) = Find(paths, text, isLiteral);
            if (reason is not null)
                onFault(ArchiveErrors.NotFound(text, reason));
            foreach (var path in found)
                yield return path;
        }
    }

    private static (IReadOnlyList<string> Found, string? Reason) Find(PathIntrinsics paths, string text, bool isLiteral)
    {
        try
        {
            ProviderInfo provider;
            Collection<string> found = isLiteral
                ? [paths.GetUnresolvedProviderPathFromPSPath(text, out provider, out _)]
                : paths.GetResolvedProviderPathFromPSPath(text, out provider);
            if (provider.Name != FileSystem)
                return ([], $"'{text}' is no path of a file or folder: it belongs to {provider.Name}.");
            return found.Count > 0 && found.All(Path.Exists) ? (found, null) : ([], $"There is no file or folder '{text}'.");
        }
        catch (Exception fault) when (fault is ItemNotFoundException or System.Management.Automation.DriveNotFoundException or ProviderNotFoundException or NotSupportedException)
        {
            return ([], fault is ItemNotFoundException ? $"There is no file or folder '{text}'." : fault.Message);
        }
    }
}
