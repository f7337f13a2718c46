using System.Net;

namespace PSRegistry.Services;

/// <summary>A service as it is to be registered. Every path is absolute.</summary>
internal sealed record ServicePlan
{
    public required string Name { get; init; }

    public ServiceScope Scope { get; init; }

    public required string ProgramPath { get; init; }

    public required string ConfigPath { get; init; }

    /// <summary>The user it runs as; null for one that is made for it.</summary>
    public string? User { get; init; }

    /// <summary>The user with a password, on Windows. Never printed.</summary>
    public NetworkCredential? Credential { get; init; }

    /// <summary>Variables of the service. Their values may be secrets.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    public ServiceStartupType StartupType { get; init; }

    /// <summary>What the configuration asks of the machine.</summary>
    public required ServiceNeeds Needs { get; init; }

    /// <summary>The name alone: the rest may hold secrets.</summary>
    public override string ToString() => Name;
}
