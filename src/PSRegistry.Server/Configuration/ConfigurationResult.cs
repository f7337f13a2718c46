using System.Collections.Immutable;

namespace PSRegistry.Server.Configuration;

/// <summary>A configuration, or the reasons why there is none.</summary>
/// <param name="Configuration">The configuration; null as soon as one fault is an error.</param>
/// <param name="Faults">Everything found, in the order of the file and then of the variables.</param>
public sealed record ConfigurationResult(RegistryConfiguration? Configuration, IReadOnlyList<ConfigurationFault> Faults)
{
    /// <summary>Every key that counts, with its value and where that comes from, gathered each time it is asked for; empty when there is no configuration.</summary>
    public ImmutableArray<EffectiveKey> Effective => Root is null ? [] : EffectiveKeys.Of(Root);

    /// <summary>What it was read from, to read it again; null where there is no configuration.</summary>
    internal ConfigurationSource? Source { get; init; }

    /// <summary>The tree that it was bound from; null where there is no configuration.</summary>
    internal MappingNode? Root { get; init; }
}
