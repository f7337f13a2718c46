using PSRegistry.Client;
using PSRegistry.Hosting;
using PSRegistry.Servers;

namespace PSRegistry.Output;

/// <summary>What a server in this process does at the moment.</summary>
public enum RegistryServerState
{
    /// <summary>It answers.</summary>
    Running,

    /// <summary>It takes no new requests; those in flight come to their end.</summary>
    Stopping,

    /// <summary>It is gone.</summary>
    Stopped,
}

/// <summary>A registry server in this process. Its state is that of the moment at which it is read.</summary>
public sealed class RegistryServer
{
    private readonly IRegistryServer _server;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal RegistryServer(IRegistryServer server, ServerLog log)
    {
        _server = server;
        Log = log;
    }

    /// <summary>Where it is reached from this machine.</summary>
    public Uri Uri => _server.Uri;

    /// <summary>The registry's name as -Registry takes it: <c>127.0.0.1:5000</c>.</summary>
    public string Registry => RegistryAddress.FromUri(_server.Uri).Shortest();

    /// <summary>Whether it runs.</summary>
    public RegistryServerState State { get; internal set; }

    /// <summary>The folder that holds <c>docker/registry/v2</c>; null when the content lives in memory.</summary>
    public string? DataFolder => _server.DataFolder;

    /// <summary>The configuration file it was started with; null for none.</summary>
    public string? ConfigPath => _server.ConfigurationPath;

    /// <summary>When the configuration that counts was read, in local time: at the start, or by Update-RegistryServer.</summary>
    public DateTime ConfiguredAt => _server.ConfiguredAt.LocalDateTime;

    /// <summary>Every address it listens on.</summary>
    public IReadOnlyList<Uri> Addresses => _server.Addresses;

    /// <summary>When it began to listen, in local time.</summary>
    public DateTime Started => _server.StartedAt.LocalDateTime;

    /// <summary>The version of the server.</summary>
    public string Version => _server.Version;

    /// <summary><c>Healthy</c>, or the checks of the configuration that fail, and why. While one fails, requests are answered 503.</summary>
    public string Health => _server.FailingChecks is { Count: > 0 } failing
        ? string.Join("; ", failing.Select(check => $"{check.Key}: {check.Value}"))
        : "Healthy";

    /// <summary>How many requests it has had since then.</summary>
    public long Requests => _server.Traffic.Requests;

    /// <summary>How many bytes of content clients have sent to it since then.</summary>
    public long BytesReceived => _server.Traffic.BytesReceived;

    /// <summary>How many bytes of content it has sent since then.</summary>
    public long BytesSent => _server.Traffic.BytesSent;

    /// <summary>At how many requests it has failed since then (status 500 and above). What clients did wrong does not count.</summary>
    public long Errors => _server.Traffic.Errors;

    internal ServerLog Log { get; }

    /// <summary>Ends when the server is gone.</summary>
    internal Task Ended => _ended.Task;

    internal NewUser? NewUser => _server.NewUser;

    /// <summary>The address.</summary>
    public override string ToString() => Uri.ToString();

    /// <summary>Where it keeps events; null when it keeps none on disk.</summary>
    internal string? EventFolder => _server.EventFolder;

    /// <summary>What happens to its content.</summary>
    internal IAsyncEnumerable<EventRecord> WatchEvents(DateTimeOffset? since, bool follow, CancellationToken end) => _server.WatchEvents(since, follow, end);

    internal Task<ServerReload> ReloadAsync(IReadOnlyDictionary<string, string> environment, CancellationToken cancellationToken) =>
        _server.ReloadAsync(environment, cancellationToken);

    internal Task StopAsync(CancellationToken breakOff) => _server.StopAsync(breakOff);

    internal async ValueTask ReleaseAsync()
    {
        await _server.DisposeAsync();
        State = RegistryServerState.Stopped;
        Log.Complete();
        _ended.TrySetResult();
    }
}
