using System.Net;

namespace PSRegistry.Hosting;

/// <summary>
/// The door between the two load contexts: everything that the cmdlets ask of what needs libraries. Behind it are the server and
/// its libraries; in front of it only the base library, so nothing of ours clashes with another module of the session.
/// </summary>
public interface IRegistryServices
{
    /// <summary>Starts a server and returns when it listens.</summary>
    /// <param name="settings">What to serve and how.</param>
    /// <param name="cancellationToken">Gives up starting; nothing is left running.</param>
    /// <returns>The server, or the errors in its configuration; warnings in both cases.</returns>
    /// <exception cref="RegistryStartException">The configuration is sound, but the machine does not let it start.</exception>
    Task<ServerStart> StartServerAsync(ServerSettings settings, CancellationToken cancellationToken = default);

    /// <summary>Reads a configuration as <see cref="StartServerAsync"/> would, and starts nothing.</summary>
    /// <param name="settings">What would be served.</param>
    /// <param name="strict">Whether an unknown key is an error everywhere.</param>
    ConfigurationReading ReadConfiguration(ServerSettings settings, bool strict);

    /// <summary>Answers what a server with a configuration would say about rights, and starts nothing.</summary>
    /// <param name="settings">What would be served.</param>
    /// <param name="questions">Who, what, and where.</param>
    AccessReading ReadAccess(ServerSettings settings, IReadOnlyList<AccessQuestion> questions);

    /// <summary>The users of an htpasswd file, in its order.</summary>
    /// <param name="path">The file, absolute.</param>
    /// <exception cref="IOException">It is not there, or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It cannot be read.</exception>
    IReadOnlyList<HtpasswdUser> ReadUsers(string path);

    /// <summary>Gives a user of an htpasswd file a password: in the place of the user's line, else behind the last. Makes the file where there is none.</summary>
    /// <param name="path">The file, absolute.</param>
    /// <param name="login">The user and the password.</param>
    /// <param name="cost">The binary logarithm of bcrypt's rounds, 4 to 31; null for the usual.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file cannot be written.</exception>
    HtpasswdChange SetUser(string path, NetworkCredential login, int? cost);

    /// <summary>Takes every line of a user out of an htpasswd file.</summary>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="IOException">The file is not there, or cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file cannot be written.</exception>
    bool RemoveUser(string path, string user);

    /// <summary>What happens to the content of a server in any process, as far as it keeps events on disk.</summary>
    /// <param name="path">The data folder, or the folder of <c>notifications.outbox.path</c>; absolute.</param>
    /// <param name="since">Begin with what happened at this time; null for what happens from now on.</param>
    /// <param name="follow">Whether to wait for what happens.</param>
    /// <param name="cancellationToken">Ends the watching.</param>
    /// <exception cref="IOException">No events are kept there, or they cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">They cannot be read.</exception>
    IAsyncEnumerable<EventRecord> WatchEvents(string path, DateTimeOffset? since, bool follow, CancellationToken cancellationToken = default);

    /// <summary>Has the events since a moment sent once more, by a server in any process; or by the next one, when none runs.</summary>
    /// <param name="path">The data folder, or the folder of <c>notifications.outbox.path</c>; absolute.</param>
    /// <param name="since">The moment.</param>
    /// <param name="endpoint">The name of the endpoint; null for all.</param>
    /// <exception cref="IOException">No events are kept there, or the wish cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The wish cannot be written.</exception>
    void ReplayEvents(string path, DateTimeOffset since, string? endpoint);

    /// <summary>Undoes zstd: a stream to read plain bytes from. It closes the one below it.</summary>
    /// <param name="compressed">The compressed bytes. Damaged ones are an <see cref="InvalidDataException"/> where they are read.</param>
    Stream OpenDecompressor(Stream compressed);

    /// <summary>Compresses with zstd: a stream to write plain bytes to. Disposed of, it ends the frame and leaves the one below it open.</summary>
    /// <param name="compressed">Where the compressed bytes go.</param>
    Stream OpenCompressor(Stream compressed);
}

/// <summary>What a configuration says.</summary>
/// <param name="Keys">Every key that counts, with its value and where that comes from; empty when a fault is an error.</param>
/// <param name="Faults">Everything that is wrong with it.</param>
public sealed record ConfigurationReading(IReadOnlyList<EffectiveKey> Keys, IReadOnlyList<ConfigurationFault> Faults)
{
    /// <summary>How long a server of it may take to stop: it waits, and then lets requests in flight end. Zero when a fault is an error.</summary>
    public TimeSpan DrainTime { get; init; }
}

/// <summary>How a start went.</summary>
/// <param name="Server">The running server; null when a fault is an error.</param>
/// <param name="Faults">Everything that is wrong with the configuration, in the order of the file, the variables and the parameters.</param>
public sealed record ServerStart(IRegistryServer? Server, IReadOnlyList<ConfigurationFault> Faults);
