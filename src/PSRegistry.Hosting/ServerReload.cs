namespace PSRegistry.Hosting;

/// <summary>How reading the configuration of a running server again went.</summary>
/// <param name="IsApplied">Whether the new configuration counts now; where not, the one before goes on counting, whole.</param>
/// <param name="Changes">The keys that say something else than before; empty where it was not applied.</param>
/// <param name="Faults">Everything that is wrong with the new one; an error is the reason why it was not applied.</param>
public sealed record ServerReload(bool IsApplied, IReadOnlyList<ConfigurationChange> Changes, IReadOnlyList<ConfigurationFault> Faults);

/// <summary>A key that says something else than before.</summary>
/// <param name="KeyPath">The key, e.g. <c>log.level</c>.</param>
/// <param name="Origin">Where it is written: <c>config.yml:12</c>, a variable, or <c>default</c>; for a key that was taken away, where it was.</param>
/// <param name="NeedsRestart">Whether it counts only when the server is started anew.</param>
public sealed record ConfigurationChange(string KeyPath, string Origin, bool NeedsRestart)
{
    /// <summary><c>http.addr (config.yml:12)</c></summary>
    public override string ToString() => $"{KeyPath} ({Origin})";
}
