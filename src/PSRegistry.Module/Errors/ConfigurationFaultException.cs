using PSRegistry.Hosting;

namespace PSRegistry.Errors;

/// <summary>A configuration has errors; the message has a line for each, with its key and where it was written.</summary>
public sealed class ConfigurationFaultException : Exception
{
    internal ConfigurationFaultException(IReadOnlyList<ConfigurationFault> faults)
        : base(string.Join(Environment.NewLine, faults.Where(fault => fault.Severity == FaultSeverity.Error)))
    {
        Faults = faults;
    }

    /// <summary>Every fault, warnings too.</summary>
    public IReadOnlyList<ConfigurationFault> Faults { get; }
}
