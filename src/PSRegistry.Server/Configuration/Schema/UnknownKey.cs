namespace PSRegistry.Server.Configuration;

/// <summary>
/// Reports a key that is not in the table. The originals start with such keys, and Kubernetes injects some, so most are warnings;
/// where a misspelt key could leave a registry open or its data elsewhere, they are errors.
/// </summary>
internal sealed class UnknownKey(FaultList faults, bool strict)
{
    /// <summary>A key of the file, or of a map inside a variable.</summary>
    public void Report(SchemaKey section, string path, string name, Origin origin)
    {
        var nearest = NearestKey.To(section, name);
        var remedy = nearest is null ? "Remove it" : $"Did you mean {nearest.Path}?";
        faults.Add(Severity(section), path, origin, Message(section), remedy);
    }

    /// <summary>A variable whose name leads to no key.</summary>
    public void ReportVariable(SchemaKey section, string path, string part, Origin origin, string value)
    {
        var nearest = NearestKey.To(section, part);
        var remedy = IsFromKubernetes(origin.Source, value)
            ? "Kubernetes sets it for a service of that name; enableServiceLinks: false in the pod stops that"
            : nearest is null ? "Unset it" : $"Did you mean {nearest.Variable}?";
        faults.Add(Severity(section), path, origin, Message(section), remedy);
    }

    private FaultSeverity Severity(SchemaKey section) =>
        strict || section.RefusesUnknown ? FaultSeverity.Error : FaultSeverity.Warning;

    private string Message(SchemaKey section) => Severity(section) is FaultSeverity.Error
        ? "there is no such key, and a key that is not obeyed is refused here"
        : "there is no such key; it is ignored";

    private static bool IsFromKubernetes(string variable, string value) =>
        variable.EndsWith("_SERVICE_HOST", StringComparison.Ordinal)
        || variable.Contains("_SERVICE_PORT", StringComparison.Ordinal)
        || (variable.Contains("_PORT", StringComparison.Ordinal)
            && (value.StartsWith("tcp://", StringComparison.Ordinal)
                || value.StartsWith("udp://", StringComparison.Ordinal)
                || variable.Contains("_TCP", StringComparison.Ordinal)
                || variable.Contains("_UDP", StringComparison.Ordinal)));
}
