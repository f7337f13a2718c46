namespace PSRegistry.Client;

/// <summary>The way to the next page: <c>Link: &lt;/v2/_catalog?last=x&amp;n=9&gt;; rel="next"</c> (RFC 8288).</summary>
internal static class LinkHeader
{
    /// <summary>The target with the relation "next"; null when there is none.</summary>
    public static string? Next(string? header)
    {
        var rest = header.AsSpan();
        while (rest.IndexOf('<') is var open and >= 0 && rest[open..].IndexOf('>') is var length and > 0)
        {
            var target = rest.Slice(open + 1, length - 1);
            rest = rest[(open + length + 1)..];
            var parameters = rest[..EndOfParameters(rest)];
            if (IsNext(parameters.ToString()))
                return target.Trim().ToString();
            rest = rest[parameters.Length..];
        }
        return null;
    }

    private static bool IsNext(string parameters) => HeaderParameters.Read(parameters, ';').Any(parameter =>
        parameter.Name.Equals("rel", StringComparison.OrdinalIgnoreCase)
        && parameter.Value.Split(' ').Contains("next", StringComparer.OrdinalIgnoreCase));

    // A comma ends a link, unless it stands in quotes.
    private static int EndOfParameters(ReadOnlySpan<char> text)
    {
        var quoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '"')
                quoted = !quoted;
            else if (text[i] == ',' && !quoted)
                return i;
        }
        return text.Length;
    }
}
