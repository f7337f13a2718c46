using System.Text.RegularExpressions;

namespace PSRegistry.Services.Systemd;

/// <summary>
/// Folders that a service writes to, as systemd wants them: below /var/lib and the like it makes them and gives them to the service's user;
/// others have to be there, and are opened by name in a file system that is otherwise read-only.
/// </summary>
internal static partial class Folders
{
    private static readonly (string Root, string Setting)[] Kept =
    [
        ("/var/lib/", "StateDirectory"), ("/var/cache/", "CacheDirectory"), ("/var/log/", "LogsDirectory"), ("/run/", "RuntimeDirectory"),
    ];

    /// <summary>The lines for folders that systemd keeps.</summary>
    public static IEnumerable<string> KeptLines(IEnumerable<string> folders) =>
        folders.Select(Kind).OfType<(string Setting, string Name)>().GroupBy(kind => kind.Setting)
            .Select(kind => $"{kind.Key}={string.Join(' ', kind.Select(folder => folder.Name).Distinct(StringComparer.Ordinal))}");

    /// <summary>Those that systemd does not keep.</summary>
    public static IReadOnlyList<string> Others(IEnumerable<string> folders) => [.. folders.Where(folder => Kind(folder) is null)];

    /// <summary>Whether a path lies in a folder or is it.</summary>
    public static bool IsIn(string path, params string[] folders) =>
        Array.Exists(folders, folder => path == folder || path.StartsWith(folder + "/", StringComparison.Ordinal));

    private static (string Setting, string Name)? Kind(string folder)
    {
        var path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        foreach (var (root, setting) in Kept)
        {
            // /run/user and /var/lib/private are taken by others; a name that systemd would have to be quoted for is opened by its path.
            if (path.StartsWith(root, StringComparison.Ordinal) && !IsIn(path, "/run/user", "/var/lib/private") && Plain().IsMatch(path))
                return (setting, path[root.Length..]);
        }
        return null;
    }

    [GeneratedRegex(@"\A[A-Za-z0-9._/+@-]+\z")]
    private static partial Regex Plain();
}
