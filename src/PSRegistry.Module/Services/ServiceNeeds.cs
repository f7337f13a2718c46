using System.Globalization;
using System.Text.Json;
using PSRegistry.Hosting;

namespace PSRegistry.Services;

/// <summary>What a configuration asks of the machine: folders to write to, files to see, a port below 1024, time to stop.</summary>
internal sealed class ServiceNeeds
{
    /// <summary>Ports below need a right of their own on Linux.</summary>
    private const int FirstFreePort = 1024;

    private static readonly string[] Listeners = ["http.addr", "http.debug.addr"];

    private readonly Dictionary<string, string> _values;

    /// <param name="keys">The configuration that counts, its paths absolute.</param>
    public ServiceNeeds(IEnumerable<EffectiveKey> keys)
    {
        _values = keys.Where(key => key.Value is not null).ToDictionary(key => key.KeyPath, key => Text(key.Value!), StringComparer.Ordinal);
        var written = Written().Distinct(StringComparer.Ordinal).ToList();
        WrittenFolders = [.. written.Where(folder => !written.Exists(around => folder.StartsWith(around.TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar, StringComparison.Ordinal)))];
    }

    /// <summary>Folders that the server writes to, without those inside of others. Each is absolute.</summary>
    public IReadOnlyList<string> WrittenFolders { get; }

    /// <summary>Every file and folder that the configuration names.</summary>
    public IEnumerable<string> Paths => _values.Values.Where(Path.IsPathFullyQualified);

    /// <summary>Whether it listens on a port below 1024.</summary>
    public bool NeedsLowPort => !IsSocket && Array.Exists(Listeners, key => Port(_values.GetValueOrDefault(key)) is > 0 and < FirstFreePort);

    /// <summary>How long it may take to stop by the configuration.</summary>
    public TimeSpan DrainTime => Duration("http.draindelay") + Duration("http.draintimeout");

    private bool IsSocket => _values.GetValueOrDefault("http.net") == "unix";

    private IEnumerable<string> Written()
    {
        if (_values.GetValueOrDefault("storage.filesystem.rootdirectory") is { } data)
            yield return data;
        // The server makes the file with a first user where there is none.
        if (_values.GetValueOrDefault("auth.htpasswd.path") is { } users && !File.Exists(users) && Path.GetDirectoryName(users) is { } folder)
            yield return folder;
        if (_values.GetValueOrDefault("notifications.outbox.path") is { } outbox && Path.IsPathFullyQualified(outbox))
            yield return outbox;
        if (Path.GetDirectoryName(_values.GetValueOrDefault("log.audit.path")) is { } audit && Path.IsPathFullyQualified(audit))
            yield return audit;
        if (IsSocket && Path.GetDirectoryName(_values.GetValueOrDefault("http.addr")) is { Length: > 0 } sockets)
            yield return sockets;
    }

    private TimeSpan Duration(string key) => GoTime.TryParse(_values.GetValueOrDefault(key) ?? "0", out var time) ? time : TimeSpan.Zero;

    private static int Port(string? address) =>
        address is not null && int.TryParse(address.AsSpan(address.LastIndexOf(':') + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port : 0;

    /// <summary>A value is YAML on one line: bare, or a string of JSON.</summary>
    private static string Text(string value) => value.StartsWith('"') ? JsonSerializer.Deserialize<string>(value) ?? "" : value;
}
