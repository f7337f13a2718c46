namespace PSRegistry.Benchmarks.Comparison.Targets;

/// <summary>Who is measured.</summary>
internal enum TargetKind
{
    /// <summary>psregistry, as given or built natively.</summary>
    Ours,

    /// <summary>psregistry in another build.</summary>
    Portable,

    /// <summary>The original registry.</summary>
    Original,

    /// <summary>nginx with the same bytes as files: what a pull can reach.</summary>
    Nginx,
}
