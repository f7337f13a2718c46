using PSRegistry.Services;

namespace PSRegistry.Output;

/// <summary>A service that Register-RegistryService registered. Values of its variables are not here.</summary>
public sealed class RegistryService
{
    /// <summary>The service's name.</summary>
    public required string Name { get; init; }

    /// <summary>Whose service it is.</summary>
    public ServiceScope Scope { get; init; }

    /// <summary>What it does at the moment.</summary>
    public RegistryServiceStatus Status { get; init; }

    /// <summary>When it starts.</summary>
    public ServiceStartupType StartupType { get; init; }

    /// <summary>The configuration file; null where the definition was changed so that none is seen.</summary>
    public string? ConfigPath { get; init; }

    /// <summary>The user it runs as.</summary>
    public string? User { get; init; }

    /// <summary>The program.</summary>
    public string? ProgramPath { get; init; }

    /// <summary>The names of its variables.</summary>
    public IReadOnlyList<string> Environment { get; init; } = [];

    /// <summary>Where it is written down: the unit file of systemd, or the registry key of Windows.</summary>
    public required string UnitPath { get; init; }

    /// <summary>What is written there, for people.</summary>
    public required string Definition { get; init; }

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
