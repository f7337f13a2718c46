using System.Collections.Immutable;
using PSRegistry.Server.Serving;

namespace PSRegistry.Server.Health;

/// <summary>Whether requests are welcome: the registry is well, and is not about to stop.</summary>
/// <param name="health">What is looked at now: reading the configuration again may change it.</param>
/// <param name="draining">Whether it stops.</param>
internal sealed class Readiness(Func<HealthMonitor?> health, Draining draining)
{
    private static readonly ImmutableSortedDictionary<string, string> Nothing = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>Whether it stops, and only ends what has begun.</summary>
    public bool IsDraining => draining.HasBegun;

    /// <summary>Whether requests are welcome.</summary>
    public bool IsReady => !draining.HasBegun && health() is not { IsHealthy: false };

    /// <summary>Checks that fail, and why.</summary>
    public ImmutableSortedDictionary<string, string> Failing => health()?.Failing ?? Nothing;
}
