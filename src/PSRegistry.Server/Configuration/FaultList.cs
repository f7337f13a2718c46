namespace PSRegistry.Server.Configuration;

/// <summary>Collects every fault, so that an operator sees all of them after one start.</summary>
internal sealed class FaultList
{
    private readonly List<(Origin Origin, ConfigurationFault Fault)> _faults = [];

    public int Count => _faults.Count;

    public bool HasErrors { get; private set; }

    public void Error(string keyPath, Origin origin, string message, string remedy) =>
        Add(FaultSeverity.Error, keyPath, origin, message, remedy);

    public void Warning(string keyPath, Origin origin, string message, string remedy) =>
        Add(FaultSeverity.Warning, keyPath, origin, message, remedy);

    public void Add(FaultSeverity severity, string keyPath, Origin origin, string message, string remedy)
    {
        HasErrors |= severity is FaultSeverity.Error;
        _faults.Add((origin, new ConfigurationFault(severity, keyPath, origin.ToString(), message, remedy)));
    }

    /// <summary>By line; what has none (variables) comes last. The sort is stable, so the rest stays as found.</summary>
    public IReadOnlyList<ConfigurationFault> InOrder() =>
        _faults.Count == 0 ? [] : [.. _faults.OrderBy(entry => entry.Origin.Line ?? long.MaxValue).Select(entry => entry.Fault)];
}
