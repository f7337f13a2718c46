namespace PSRegistry.Client;

/// <summary>What one check of a deployment found.</summary>
/// <param name="Registry">The registry, as it was named.</param>
/// <param name="Check">What was looked at, in two or three words; the same at every run.</param>
/// <param name="Status">How it is.</param>
/// <param name="Detail">What was seen, in a sentence.</param>
/// <param name="Remedy">What to change, at the proxy or at the registry; null where there is nothing to change.</param>
public sealed record DeploymentFinding(string Registry, string Check, FindingStatus Status, string Detail, string? Remedy)
{
    /// <summary><c>Location: Failed: ...</c></summary>
    public override string ToString() => $"{Check}: {Status}: {Detail}";
}

/// <summary>How a check came out.</summary>
public enum FindingStatus
{
    /// <summary>As clients need it.</summary>
    Passed,

    /// <summary>Clients get by, or most of them do.</summary>
    Warning,

    /// <summary>Clients fail.</summary>
    Failed,

    /// <summary>It was not looked at; the detail says why.</summary>
    Skipped,
}
