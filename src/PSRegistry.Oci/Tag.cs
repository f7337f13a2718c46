using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace PSRegistry.Oci;

/// <summary>
/// A movable name for a manifest inside a repository (OCI distribution spec, "Pulling manifests": <c>reference</c> as a tag):
/// a letter, digit or underscore, then up to 127 letters, digits, dots, dashes or underscores. Case matters.
/// </summary>
public sealed class Tag : IEquatable<Tag>, ISpanParsable<Tag>
{
    /// <summary>The longest tag accepted, in characters.</summary>
    public const int MaxLength = 128;

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    private readonly string _text;

    private Tag(string text) => _text = text;

    /// <summary>Parses a tag; false when it breaks the grammar.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out Tag? tag)
    {
        var valid = text.Length is > 0 and <= MaxLength && text[0] is not ('.' or '-') && !text.ContainsAnyExcept(Allowed);
        tag = valid ? new Tag(text.ToString()) : null;
        return valid;
    }

    /// <inheritdoc cref="TryParse(ReadOnlySpan{char}, out Tag?)"/>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out Tag? tag) => TryParse(text.AsSpan(), out tag);

    /// <summary>Parses a tag.</summary>
    /// <exception cref="FormatException">The text breaks the grammar.</exception>
    public static Tag Parse(string text) => TryParse(text, out var tag) ? tag : throw new FormatException($"'{text}' is not a tag: {Rule}");

    /// <summary>The grammar in words, for messages.</summary>
    public static string Rule => "a letter, digit or '_', then letters, digits, '.', '_' or '-', 128 characters at most.";

    /// <inheritdoc/>
    public static Tag Parse(ReadOnlySpan<char> s, IFormatProvider? provider) => Parse(s.ToString());

    /// <inheritdoc/>
    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, [MaybeNullWhen(false)] out Tag result) => TryParse(s, out result);

    /// <inheritdoc/>
    public static Tag Parse(string s, IFormatProvider? provider) => Parse(s);

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out Tag result) =>
        TryParse(s.AsSpan(), out result);

    /// <inheritdoc/>
    public bool Equals(Tag? other) => other is not null && _text == other._text;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Tag);

    /// <inheritdoc/>
    public override int GetHashCode() => _text.GetHashCode(StringComparison.Ordinal);

    /// <summary>The tag as written.</summary>
    public override string ToString() => _text;

    /// <summary>The same tag, letter case included.</summary>
    public static bool operator ==(Tag? left, Tag? right) => left is null ? right is null : left.Equals(right);

    /// <summary>Another tag.</summary>
    public static bool operator !=(Tag? left, Tag? right) => !(left == right);
}
