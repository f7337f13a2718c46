using System.Management.Automation;

namespace PSRegistry.Commands;

/// <summary>Wildcards for repositories and tags. Their letter case counts, as it does to a registry.</summary>
internal sealed class NamePatterns
{
    private static readonly NamePatterns All = new([]);

    private readonly WildcardPattern[] _patterns;
    private readonly WildcardPattern? _filter;

    private NamePatterns(WildcardPattern[] patterns, WildcardPattern? filter = null) => (_patterns, _filter) = (patterns, filter);

    /// <summary>The patterns; none means everything.</summary>
    public static NamePatterns Of(IEnumerable<string>? texts) =>
        texts is null ? All : new([.. texts.Select(Pattern)]);

    /// <summary>The patterns, and a filter that names must match besides; null for none.</summary>
    public static NamePatterns Of(IEnumerable<string>? texts, string? filter) =>
        filter is null ? Of(texts) : new([.. (texts ?? []).Select(Pattern)], Pattern(filter));

    /// <summary>Whether a name matches one of them, and the filter.</summary>
    public bool Match(string name) =>
        (_patterns.Length == 0 || Array.Exists(_patterns, pattern => pattern.IsMatch(name))) && _filter?.IsMatch(name) != false;

    private static WildcardPattern Pattern(string text) => WildcardPattern.Get(text, WildcardOptions.CultureInvariant);
}
