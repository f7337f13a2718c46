using System.Text.RegularExpressions;

namespace PSRegistry.Server.Configuration;

/// <summary>The <c>validation</c> section.</summary>
public sealed record ValidationConfiguration
{
    /// <summary>
    /// Whether manifests are stored without these checks. Key <c>validation.disabled</c>, which the deprecated
    /// <c>validation.enabled: true</c> overrules. Default: false.
    /// </summary>
    public bool Disabled { get; init; }

    /// <summary>Which URLs a manifest may point to. Key <c>validation.manifests.urls</c>.</summary>
    public ManifestUrlRules ManifestUrls { get; init; } = new();

    /// <summary>Which children of an index must exist. Key <c>validation.manifests.indexes</c>.</summary>
    public IndexRules Indexes { get; init; } = new();
}

/// <summary>
/// Patterns for the URLs of foreign layers, matched anywhere in the URL and in linear time. Without any, every URL is accepted.
/// </summary>
public sealed record ManifestUrlRules
{
    /// <summary>One of these must match, unless there are none. Key <c>allow</c>. Default: none.</summary>
    public IReadOnlyList<Regex> Allow { get; init; } = [];

    /// <summary>None of these may match. Key <c>deny</c>. Default: none.</summary>
    public IReadOnlyList<Regex> Deny { get; init; } = [];
}

/// <summary>Which children of a pushed index must already be stored.</summary>
public sealed record IndexRules
{
    /// <summary>Key <c>platforms</c>. Default: <see cref="RequiredPlatforms.All"/>.</summary>
    public RequiredPlatforms Platforms { get; init; } = RequiredPlatforms.All;

    /// <summary>The platforms that must exist when <see cref="Platforms"/> says List. Key <c>platformlist</c>. Default: none.</summary>
    public IReadOnlyList<PlatformRule> PlatformList { get; init; } = [];
}

/// <summary>The choices of <c>validation.manifests.indexes.platforms</c>.</summary>
public enum RequiredPlatforms
{
    /// <summary>Every child must exist.</summary>
    All,

    /// <summary>No child needs to exist.</summary>
    None,

    /// <summary>The children of the listed platforms must exist.</summary>
    List,
}

/// <summary>One entry of <c>validation.manifests.indexes.platformlist</c>.</summary>
/// <param name="Architecture">The architecture in Go's spelling, e.g. <c>amd64</c>.</param>
/// <param name="OS">The operating system in Go's spelling, e.g. <c>linux</c>.</param>
public sealed record PlatformRule(string Architecture, string OS);
