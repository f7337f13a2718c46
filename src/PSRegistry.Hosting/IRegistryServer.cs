namespace PSRegistry.Hosting;

/// <summary>A running registry.</summary>
public interface IRegistryServer : IAsyncDisposable
{
    /// <summary>Where it listens, with the port that was found when 0 was asked for. Never empty.</summary>
    IReadOnlyList<Uri> Addresses { get; }

    /// <summary>Where a client of this machine reaches its API: an address that can be called, with <c>http.prefix</c>.</summary>
    Uri Uri { get; }

    /// <summary>The folder that holds <c>docker/registry/v2</c>, absolute; null when the content lives in memory.</summary>
    string? DataFolder { get; }

    /// <summary>The configuration file it was started with, absolute; null for none.</summary>
    string? ConfigurationPath { get; }

    /// <summary>When the configuration that counts was read: at the start, or the last time it was read again and taken over.</summary>
    DateTimeOffset ConfiguredAt { get; }

    /// <summary>The version of the server.</summary>
    string Version { get; }

    /// <summary>When it began to listen.</summary>
    DateTimeOffset StartedAt { get; }

    /// <summary>What it has done since then, up to this moment.</summary>
    ServerTraffic Traffic { get; }

    /// <summary>The health checks that fail at the moment, and why; empty when the server is well.</summary>
    IReadOnlyDictionary<string, string> FailingChecks { get; }

    /// <summary>
    /// The user in the htpasswd file that was made because there was none; null when there was one. The password is kept nowhere else:
    /// show it once, and never log it.
    /// </summary>
    NewUser? NewUser { get; }

    /// <summary>The folder that keeps its events, absolute; null when it keeps none on disk.</summary>
    string? EventFolder { get; }

    /// <summary>What happens to its content.</summary>
    /// <param name="since">Begin with what happened at this time, as far as the server keeps events; null for what happens from now on.</param>
    /// <param name="follow">Whether to wait for what happens, until the server stops.</param>
    /// <param name="cancellationToken">Ends the watching.</param>
    IAsyncEnumerable<EventRecord> WatchEvents(DateTimeOffset? since, bool follow, CancellationToken cancellationToken = default);

    /// <summary>
    /// Reads the configuration again, from where it was read at the start, and goes on under it: requests in flight end under the one that
    /// they began with, and no connection is dropped. A faulty one changes nothing.
    /// </summary>
    /// <param name="environment">The variables to look for <c>REGISTRY_*</c> in; null for those of the last time.</param>
    /// <param name="cancellationToken">Gives up before it is applied.</param>
    Task<ServerReload> ReloadAsync(IReadOnlyDictionary<string, string>? environment = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Stops listening, lets requests in flight end within <c>http.draintimeout</c>, and breaks off the rest. Idempotent: a second
    /// call waits for the first.
    /// </summary>
    /// <param name="breakOff">Ends the waiting: requests in flight are broken off at once.</param>
    Task StopAsync(CancellationToken breakOff = default);
}
