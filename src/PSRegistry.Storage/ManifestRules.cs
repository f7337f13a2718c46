using System.Collections.Immutable;
using System.Text.RegularExpressions;
using PSRegistry.Oci;

namespace PSRegistry.Storage;

/// <summary>Which of the manifests that an index lists must be in the repository.</summary>
public enum IndexRule
{
    /// <summary>All of them.</summary>
    All,

    /// <summary>None.</summary>
    None,

    /// <summary>Those for <see cref="ManifestRules.Platforms"/>.</summary>
    Listed,
}

/// <summary>What a manifest must fulfil to be stored (the original's <c>validation</c> section).</summary>
public sealed record ManifestRules
{
    /// <summary>URLs of layers must match one of these, unless there are none.</summary>
    public ImmutableArray<Regex> AllowedUrls { get; init; } = [];

    /// <summary>URLs of layers must match none of these.</summary>
    public ImmutableArray<Regex> DeniedUrls { get; init; } = [];

    /// <summary>Which manifests of an index must be there. Default all.</summary>
    public IndexRule Index { get; init; }

    /// <summary>The platforms meant by <see cref="IndexRule.Listed"/>.</summary>
    public ImmutableArray<Platform> Platforms { get; init; } = [];

    internal bool AllowsUrl(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && string.IsNullOrEmpty(uri.Fragment)
        && (AllowedUrls.IsEmpty || AllowedUrls.Any(pattern => pattern.IsMatch(url)))
        && !DeniedUrls.Any(pattern => pattern.IsMatch(url));

    internal bool Demands(Descriptor child) => Index switch
    {
        IndexRule.None => false,
        IndexRule.Listed => Platforms.Any(platform => platform.Os == child.Platform?.Os && platform.Architecture == child.Platform?.Architecture),
        _ => true,
    };
}
