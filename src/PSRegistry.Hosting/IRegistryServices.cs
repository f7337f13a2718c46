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
}

/// <summary>What a configuration says.</summary>
/// <param name="Keys">Every key that counts, with its value and where that comes from; empty when a fault is an error.</param>
/// <param name="Faults">Everything that is wrong with it.</param>
public sealed record ConfigurationReading(IReadOnlyList<EffectiveKey> Keys, IReadOnlyList<ConfigurationFault> Faults);

/// <summary>How a start went.</summary>
/// <param name="Server">The running server; null when a fault is an error.</param>
/// <param name="Faults">Everything that is wrong with the configuration, in the order of the file, the variables and the parameters.</param>
public sealed record ServerStart(IRegistryServer? Server, IReadOnlyList<ConfigurationFault> Faults);
