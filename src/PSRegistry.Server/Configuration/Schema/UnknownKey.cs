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
        var misspelt = NearestKey.Protecting(section, name);
        var nearest = misspelt ?? NearestKey.To(section, name);
        var remedy = nearest is null ? "Remove it" : $"Did you mean {nearest.Path}?";
        Add(section, path, origin, remedy, misspelt is not null);
    }

    /// <summary>A variable whose name leads to no key.</summary>
    public void ReportVariable(SchemaKey section, string path, string part, Origin origin, string value)
    {
        var isFromKubernetes = IsFromKubernetes(origin.Source, value);
        var misspelt = isFromKubernetes ? null : NearestKey.Protecting(section, part);
        var nearest = misspelt ?? NearestKey.To(section, part);
        var remedy = isFromKubernetes
            ? "Kubernetes sets it for a service of that name; enableServiceLinks: false in the pod stops that"
            : nearest is null ? "Unset it" : $"Did you mean {nearest.Variable}?";
        Add(section, path, origin, remedy, misspelt is not null);
    }

    private void Add(SchemaKey section, string path, Origin origin, string remedy, bool isMisspelt)
    {
        if (isMisspelt)
            faults.Error(path, origin, "there is no such key, and the one that was meant would protect the registry", remedy);
        else if (strict || section.RefusesUnknown)
            faults.Error(path, origin, "there is no such key, and a key that is not obeyed is refused here", remedy);
        else
            faults.Warning(path, origin, "there is no such key; it is ignored", remedy);
    }

    private static bool IsFromKubernetes(string variable, string value) =>
        variable.EndsWith("_SERVICE_HOST", StringComparison.Ordinal)
        || variable.Contains("_SERVICE_PORT", StringComparison.Ordinal)
        || (variable.Contains("_PORT", StringComparison.Ordinal)
            && (value.StartsWith("tcp://", StringComparison.Ordinal)
                || value.StartsWith("udp://", StringComparison.Ordinal)
                || variable.Contains("_TCP", StringComparison.Ordinal)
                || variable.Contains("_UDP", StringComparison.Ordinal)));
}
