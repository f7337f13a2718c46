using System.Globalization;

namespace PSRegistry.Server.Http;

/// <summary>
/// The range of an upload that a chunk fills: <c>&lt;first&gt;-&lt;last&gt;</c>, both included (OCI distribution spec, "Pushing a
/// blob in chunks"). The HTTP form with <c>bytes</c> and <c>/*</c> is understood as well.
/// </summary>
/// <param name="First">The first byte.</param>
/// <param name="Last">The last byte.</param>
internal readonly record struct ContentRange(long First, long Last)
{
    /// <summary>Bytes in the range.</summary>
    public long Length => Last - First + 1;

    public static bool TryParse(ReadOnlySpan<char> text, out ContentRange range)
    {
        range = default;
        text = text.Trim();
        if (text.StartsWith("bytes", StringComparison.OrdinalIgnoreCase))
            text = text["bytes".Length..].TrimStart(" =");
        if (text.IndexOf('/') is var slash and >= 0)
            text = text[..slash];
        var dash = text.IndexOf('-');
        if (dash < 0 || !Number(text[..dash], out var first) || !Number(text[(dash + 1)..], out var last) || last < first)
            return false;
        range = new ContentRange(first, last);
        return true;
    }

    private static bool Number(ReadOnlySpan<char> text, out long value) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
