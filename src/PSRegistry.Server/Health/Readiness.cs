using System.Collections.Immutable;

namespace PSRegistry.Server.Health;

/// <summary>Whether requests are welcome: the registry is well, and is not about to stop.</summary>
internal sealed class Readiness(HealthMonitor? health)
{
    private static readonly ImmutableSortedDictionary<string, string> Nothing = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    private volatile bool _isDraining;

    /// <summary>Whether it stops, and only ends what has begun.</summary>
    public bool IsDraining => _isDraining;

    /// <summary>Whether requests are welcome.</summary>
    public bool IsReady => !_isDraining && health is not { IsHealthy: false };

    /// <summary>Checks that fail, and why.</summary>
    public ImmutableSortedDictionary<string, string> Failing => health?.Failing ?? Nothing;

    /// <summary>From now on load balancers are told to go elsewhere. It is never ready again.</summary>
    public void Drain() => _isDraining = true;
}
