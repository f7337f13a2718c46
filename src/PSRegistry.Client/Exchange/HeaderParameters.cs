using System.Text;

namespace PSRegistry.Client;

/// <summary>Reads <c>name=value</c> pairs of a header, whose values may be quoted (RFC 9110, section 5.6).</summary>
internal static class HeaderParameters
{
    /// <summary>The pairs, as far as they can be read.</summary>
    public static IEnumerable<(string Name, string Value)> Read(string text, char separator)
    {
        var at = 0;
        while (at < text.Length)
        {
            while (at < text.Length && (text[at] == separator || char.IsWhiteSpace(text[at])))
                at++;
            var nameEnd = text.IndexOfAny(['=', separator], at);
            if (nameEnd < 0 || text[nameEnd] == separator)
            {
                at = nameEnd < 0 ? text.Length : nameEnd;
                continue;
            }
            var name = text[at..nameEnd].Trim();
            at = nameEnd + 1;
            while (at < text.Length && text[at] is ' ' or '\t')
                at++;
            yield return (name, at < text.Length && text[at] == '"' ? Quoted(text, ref at) : Bare(text, separator, ref at));
        }
    }

    private static string Bare(string text, char separator, ref int at)
    {
        var end = text.IndexOf(separator, at);
        end = end < 0 ? text.Length : end;
        var value = text[at..end].Trim();
        at = end;
        return value;
    }

    private static string Quoted(string text, ref int at)
    {
        var value = new StringBuilder();
        for (at++; at < text.Length && text[at] != '"'; at++)
        {
            if (text[at] == '\\' && at + 1 < text.Length)
                at++;
            value.Append(text[at]);
        }
        at++;
        return value.ToString();
    }
}
