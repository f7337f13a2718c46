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

    /// <summary>The version of the server.</summary>
    string Version { get; }

    /// <summary>When it began to listen.</summary>
    DateTimeOffset StartedAt { get; }

    /// <summary>What it has done since then, up to this moment.</summary>
    ServerTraffic Traffic { get; }

    /// <summary>
    /// The user in the htpasswd file that was made because there was none; null when there was one. The password is kept nowhere else:
    /// show it once, and never log it.
    /// </summary>
    NewUser? NewUser { get; }

    /// <summary>Whether somebody may do something here, and which rule decides it. Nothing is tried.</summary>
    /// <param name="question">Who, what, and where.</param>
    AccessAnswer Explain(AccessQuestion question);

    /// <summary>
    /// Stops listening, lets requests in flight end within <c>http.draintimeout</c>, and breaks off the rest. Idempotent: a second
    /// call waits for the first.
    /// </summary>
    /// <param name="breakOff">Ends the waiting: requests in flight are broken off at once.</param>
    Task StopAsync(CancellationToken breakOff = default);
}
