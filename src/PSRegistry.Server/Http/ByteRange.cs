using System.Globalization;

namespace PSRegistry.Server.Http;

/// <summary>What a Range header asks of content with a known length (RFC 9110, section 14).</summary>
/// <param name="Start">The first byte.</param>
/// <param name="Length">How many bytes; negative when the range cannot be had.</param>
internal readonly record struct ByteRange(long Start, long Length)
{
    private static readonly ByteRange Impossible = new(0, -1);

    /// <summary>Whether the content has such bytes; when not, the answer is 416.</summary>
    public bool IsSatisfiable => Length > 0;

    /// <summary>
    /// Reads the header; null when all of the content is to be sent: no header, another unit than bytes, or several ranges,
    /// which a server may decline. A range that is malformed cannot be had, as in the original.
    /// </summary>
    public static ByteRange? Parse(ReadOnlySpan<char> header, long size)
    {
        const string Unit = "bytes=";
        header = header.Trim();
        if (!header.StartsWith(Unit, StringComparison.OrdinalIgnoreCase) || header.Contains(','))
            return null;
        var range = header[Unit.Length..].Trim();
        var dash = range.IndexOf('-');
        if (dash < 0)
            return Impossible;
        var first = range[..dash].Trim();
        var last = range[(dash + 1)..].Trim();
        if (first.IsEmpty)
            return TryParse(last, out var suffix) && suffix > 0 && size > 0 ? new ByteRange(Math.Max(0, size - suffix), Math.Min(size, suffix)) : Impossible;
        if (!TryParse(first, out var start) || start >= size)
            return Impossible;
        if (last.IsEmpty)
            return new ByteRange(start, size - start);
        return TryParse(last, out var end) && end >= start ? new ByteRange(start, Math.Min(end, size - 1) - start + 1) : Impossible;
    }

    private static bool TryParse(ReadOnlySpan<char> text, out long value) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
