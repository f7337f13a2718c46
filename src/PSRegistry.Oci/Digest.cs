using System.Diagnostics.CodeAnalysis;

namespace PSRegistry.Oci;

/// <summary>
/// The address of content by its hash, <c>sha256:&lt;64 hex digits&gt;</c> (OCI image spec, descriptor, "Digests").
/// Lower-case only: two spellings of one digest would be two addresses.
/// </summary>
public sealed class Digest : IEquatable<Digest>, IComparable<Digest>, ISpanParsable<Digest>
{
    private readonly string _text;

    private Digest(DigestAlgorithm algorithm, string text)
    {
        Algorithm = algorithm;
        _text = text;
    }

    /// <summary>The hash function.</summary>
    public DigestAlgorithm Algorithm { get; }

    /// <summary>The hash as lower-case hexadecimal digits.</summary>
    public ReadOnlySpan<char> Hex => _text.AsSpan(Algorithm.Name.Length + 1);

    /// <summary>The digest of a finished hash.</summary>
    public static Digest FromHash(DigestAlgorithm algorithm, ReadOnlySpan<byte> hash)
    {
        ArgumentNullException.ThrowIfNull(algorithm);
        if (hash.Length * 2 != algorithm.HexLength)
            throw new ArgumentException($"A {algorithm.Name} hash has {algorithm.HexLength / 2} bytes, not {hash.Length}.", nameof(hash));
        return new Digest(algorithm, $"{algorithm.Name}:{Convert.ToHexStringLower(hash)}");
    }

    /// <summary>The SHA-256 digest of <paramref name="content"/>.</summary>
    public static Digest OfContent(ReadOnlyMemory<byte> content) => DigestAlgorithm.Sha256.Compute(content);

    /// <summary>Parses <c>algorithm:hex</c>; false for an unknown algorithm, a wrong length or anything but lower-case hex.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out Digest? digest)
    {
        digest = null;
        var colon = text.IndexOf(':');
        if (colon < 0 || DigestAlgorithm.Find(text[..colon]) is not { } algorithm)
            return false;
        var hex = text[(colon + 1)..];
        if (hex.Length != algorithm.HexLength || hex.ContainsAnyExcept(HexDigits))
            return false;
        digest = new Digest(algorithm, text.ToString());
        return true;
    }

    /// <inheritdoc cref="TryParse(ReadOnlySpan{char}, out Digest?)"/>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out Digest? digest) =>
        TryParse(text.AsSpan(), out digest);

    /// <summary>Parses <c>algorithm:hex</c>.</summary>
    /// <exception cref="FormatException">The text is not a digest of a known algorithm.</exception>
    public static Digest Parse(string text) => TryParse(text, out var digest)
        ? digest
        : throw new FormatException($"'{text}' is not a digest: expected sha256:, sha384: or sha512: and as many lower-case hex digits as the hash has.");

    /// <inheritdoc/>
    public static Digest Parse(ReadOnlySpan<char> s, IFormatProvider? provider) => Parse(s.ToString());

    /// <inheritdoc/>
    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, [MaybeNullWhen(false)] out Digest result) => TryParse(s, out result);

    /// <inheritdoc/>
    public static Digest Parse(string s, IFormatProvider? provider) => Parse(s);

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out Digest result) =>
        TryParse(s.AsSpan(), out result);

    /// <inheritdoc/>
    public bool Equals(Digest? other) => other is not null && _text == other._text;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Digest);

    /// <inheritdoc/>
    public override int GetHashCode() => _text.GetHashCode(StringComparison.Ordinal);

    /// <summary>Byte order of the text: algorithm first, then the hash.</summary>
    public int CompareTo(Digest? other) => string.CompareOrdinal(_text, other?._text);

    /// <summary>The canonical text, <c>algorithm:hex</c>.</summary>
    public override string ToString() => _text;

    /// <summary>Same algorithm and hash.</summary>
    public static bool operator ==(Digest? left, Digest? right) => left is null ? right is null : left.Equals(right);

    /// <summary>Another algorithm or hash.</summary>
    public static bool operator !=(Digest? left, Digest? right) => !(left == right);

    /// <summary>Before in byte order.</summary>
    public static bool operator <(Digest? left, Digest? right) => Compare(left, right) < 0;

    /// <summary>Before or equal in byte order.</summary>
    public static bool operator <=(Digest? left, Digest? right) => Compare(left, right) <= 0;

    /// <summary>After in byte order.</summary>
    public static bool operator >(Digest? left, Digest? right) => Compare(left, right) > 0;

    /// <summary>After or equal in byte order.</summary>
    public static bool operator >=(Digest? left, Digest? right) => Compare(left, right) >= 0;

    private static int Compare(Digest? left, Digest? right) => string.CompareOrdinal(left?._text, right?._text);

    private static readonly System.Buffers.SearchValues<char> HexDigits = System.Buffers.SearchValues.Create("0123456789abcdef");
}
