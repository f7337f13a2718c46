using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using PSRegistry.Hosting;

namespace PSRegistry.Services;

/// <summary>What a configuration asks of the machine: folders to write to, files to see, a port below 1024, time to stop.</summary>
internal sealed partial class ServiceNeeds
{
    /// <summary>Ports below need a right of their own on Linux.</summary>
    private const int FirstFreePort = 1024;

    private readonly Dictionary<string, string> _values;

    /// <param name="configuration">The configuration that counts, its paths absolute.</param>
    public ServiceNeeds(ConfigurationReading configuration)
    {
        var set = configuration.Keys.Where(key => key.Value is not null).ToList();
        _values = set.ToDictionary(key => key.KeyPath, key => Text(key.Value!), StringComparer.Ordinal);
        Paths = [.. set.SelectMany(key => Items(key.Value!)).Where(Path.IsPathFullyQualified)];
        DrainTime = configuration.DrainTime;
        var written = Written().Distinct(StringComparer.Ordinal).ToList();
        WrittenFolders = [.. written.Where(folder => !written.Exists(around => folder.StartsWith(around.TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar, StringComparison.Ordinal)))];
    }

    /// <summary>Folders that the server writes to, without those inside of others. Each is absolute.</summary>
    public IReadOnlyList<string> WrittenFolders { get; }

    /// <summary>Every file and folder that the configuration names.</summary>
    public IReadOnlyList<string> Paths { get; }

    /// <summary>Whether it listens on a port below 1024.</summary>
    public bool NeedsLowPort => (!IsSocket && IsLowPort("http.addr")) || IsLowPort("http.debug.addr");

    /// <summary>How long it may take to stop by the configuration.</summary>
    public TimeSpan DrainTime { get; }

    private bool IsSocket => _values.GetValueOrDefault("http.net") == "unix";

    private IEnumerable<string> Written()
    {
        if (_values.GetValueOrDefault("storage.filesystem.rootdirectory") is { } data)
            yield return data;
        // The server makes the file with a first user where there is none.
        if (_values.GetValueOrDefault("auth.htpasswd.path") is { } users && !File.Exists(users) && Path.GetDirectoryName(users) is { } folder)
            yield return folder;
        if (_values.GetValueOrDefault("auth.htpasswd.issuer.keys") is { } keys && Path.IsPathFullyQualified(keys))
            yield return keys;
        if (_values.GetValueOrDefault("notifications.outbox.path") is { } outbox && Path.IsPathFullyQualified(outbox))
            yield return outbox;
        if (Path.GetDirectoryName(_values.GetValueOrDefault("log.audit.path")) is { } audit && Path.IsPathFullyQualified(audit))
            yield return audit;
        if (IsSocket && Path.GetDirectoryName(_values.GetValueOrDefault("http.addr")) is { Length: > 0 } sockets)
            yield return sockets;
    }

    private bool IsLowPort(string listener) => Port(_values.GetValueOrDefault(listener)) is > 0 and < FirstFreePort;

    private static int Port(string? address) =>
        address is not null && int.TryParse(address.AsSpan(address.LastIndexOf(':') + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port : 0;

    /// <summary>A value is YAML on one line: bare, or a string of JSON.</summary>
    private static string Text(string value) => value.StartsWith('"') ? JsonSerializer.Deserialize<string>(value) ?? "" : value;

    /// <summary>The values of a list; of anything else, the value.</summary>
    private static IEnumerable<string> Items(string value) => value.StartsWith('[') ? Item().Matches(value).Select(item => Text(item.Value)) : [Text(value)];

    [GeneratedRegex("""
        "(?:[^"\\]|\\.)*"|[^\s,\[\]]+
        """)]
    private static partial Regex Item();
}
