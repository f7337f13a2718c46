using System.Collections.Immutable;

namespace PSRegistry.Hosting;

/// <summary>One key as it counts in the end, and where its value comes from.</summary>
/// <param name="KeyPath">The key, e.g. <c>http.addr</c> or <c>health.tcp[0].addr</c>.</param>
/// <param name="Value">The value as YAML, lists on one line; null where it is hidden.</param>
/// <param name="Origin"><c>config.yml:12</c>, a variable, a parameter, <c>built-in</c> where nobody wrote a file, or <c>default</c>.</param>
/// <param name="IsHidden">Whether the value is a secret, or may hold one, and is therefore not here.</param>
public sealed record EffectiveKey(string KeyPath, string? Value, string Origin, bool IsHidden)
{
    /// <summary>The path in parts: a name may hold a dot. The items of lists are <c>[0]</c>.</summary>
    public ImmutableArray<string> Parts { get; init; } = [];

    /// <summary><c>http.addr: :5000 (default)</c></summary>
    public override string ToString() => $"{KeyPath}: {Value ?? "(hidden)"} ({Origin})";
}
