using System.Diagnostics.CodeAnalysis;

namespace PSRegistry.Oci;

/// <summary>
/// The name of a repository, <c>library/nginx</c> (OCI distribution spec, "Pulling manifests": <c>name</c>).
/// Slash-separated components of lower-case letters and digits, joined inside by one dot, one or two underscores or any
/// number of dashes; at most 255 characters in all. So no component is empty, hidden, climbing or starts with an underscore.
/// </summary>
public sealed class RepositoryName : IEquatable<RepositoryName>, ISpanParsable<RepositoryName>
{
    /// <summary>The longest name accepted, in characters.</summary>
    public const int MaxLength = 255;

    private readonly string _text;

    private RepositoryName(string text) => _text = text;

    /// <summary>Parses a repository name; false when it breaks the grammar or is longer than <see cref="MaxLength"/>.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out RepositoryName? name)
    {
        name = IsValid(text) ? new RepositoryName(text.ToString()) : null;
        return name is not null;
    }

    /// <inheritdoc cref="TryParse(ReadOnlySpan{char}, out RepositoryName?)"/>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out RepositoryName? name) =>
        TryParse(text.AsSpan(), out name);

    /// <summary>Parses a repository name.</summary>
    /// <exception cref="FormatException">The text breaks the grammar.</exception>
    public static RepositoryName Parse(string text) => TryParse(text, out var name)
        ? name
        : throw new FormatException($"'{text}' is not a repository name: {Rule}");

    /// <summary>The grammar in words, for messages.</summary>
    public static string Rule =>
        "lower-case letters and digits, joined by '.', '_', '__' or dashes, in components separated by '/', 255 characters at most.";

    /// <summary>Whether <paramref name="text"/> can stand as one component between slashes.</summary>
    public static bool IsComponent(ReadOnlySpan<char> text)
    {
        var i = 0;
        while (true)
        {
            var start = i;
            while (i < text.Length && IsAlphanumeric(text[i]))
                i++;
            if (i == start)
                return false;
            if (i == text.Length)
                return true;
            var separator = SeparatorLength(text[i..]);
            if (separator == 0)
                return false;
            i += separator;
        }
    }

    private static bool IsValid(ReadOnlySpan<char> text)
    {
        if (text.Length is 0 or > MaxLength)
            return false;
        foreach (var component in text.Split('/'))
        {
            if (!IsComponent(text[component]))
                return false;
        }
        return true;
    }

    private static int SeparatorLength(ReadOnlySpan<char> text) => text[0] switch
    {
        '.' => 1,
        '_' => text.Length > 1 && text[1] == '_' ? 2 : 1,
        '-' => text.IndexOfAnyExcept('-') is var end && end < 0 ? text.Length : end,
        _ => 0,
    };

    private static bool IsAlphanumeric(char c) => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c);

    /// <inheritdoc/>
    public static RepositoryName Parse(ReadOnlySpan<char> s, IFormatProvider? provider) => Parse(s.ToString());

    /// <inheritdoc/>
    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, [MaybeNullWhen(false)] out RepositoryName result) =>
        TryParse(s, out result);

    /// <inheritdoc/>
    public static RepositoryName Parse(string s, IFormatProvider? provider) => Parse(s);

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out RepositoryName result) =>
        TryParse(s.AsSpan(), out result);

    /// <inheritdoc/>
    public bool Equals(RepositoryName? other) => other is not null && _text == other._text;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as RepositoryName);

    /// <inheritdoc/>
    public override int GetHashCode() => _text.GetHashCode(StringComparison.Ordinal);

    /// <summary>The name as written.</summary>
    public override string ToString() => _text;

    /// <summary>The same name.</summary>
    public static bool operator ==(RepositoryName? left, RepositoryName? right) => left is null ? right is null : left.Equals(right);

    /// <summary>Another name.</summary>
    public static bool operator !=(RepositoryName? left, RepositoryName? right) => !(left == right);
}
