using System.Management.Automation;

namespace PSRegistry.Commands;

/// <summary>Wildcards for repositories and tags. Their letter case counts, as it does to a registry.</summary>
internal sealed class NamePatterns
{
    private static readonly NamePatterns All = new([]);

    private readonly WildcardPattern[] _patterns;

    private NamePatterns(WildcardPattern[] patterns) => _patterns = patterns;

    /// <summary>The patterns; none means everything.</summary>
    public static NamePatterns Of(IEnumerable<string>? texts) =>
        texts is null ? All : new([.. texts.Select(text => WildcardPattern.Get(text, WildcardOptions.CultureInvariant))]);

    /// <summary>Whether a name matches one of them.</summary>
    public bool Match(string name) => _patterns.Length == 0 || Array.Exists(_patterns, pattern => pattern.IsMatch(name));
}
