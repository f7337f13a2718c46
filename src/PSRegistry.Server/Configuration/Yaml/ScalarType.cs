using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace PSRegistry.Server.Configuration;

/// <summary>What a scalar is under the rules of the original's YAML library (YAML 1.1 as Go's yaml.v2 reads it).</summary>
internal enum ScalarType
{
    Null,
    Boolean,
    Integer,
    Real,
    Text,
}

/// <summary>Tells the type of a scalar: quoted is text, <c>yes</c> is true, <c>010</c> is eight.</summary>
internal static class ScalarTypes
{
    private const string TagPrefix = "tag:yaml.org,2002:";

    /// <summary>The type, or null when an explicit tag contradicts the text (<c>!!int abc</c>).</summary>
    public static ScalarType? Of(YamlScalarNode scalar)
    {
        var text = scalar.Value ?? "";
        if (scalar.Tag.IsEmpty)
            return scalar.Style is ScalarStyle.Plain ? OfPlain(text) : ScalarType.Text;
        if (scalar.Tag.IsNonSpecific || !scalar.Tag.Value.StartsWith(TagPrefix, StringComparison.Ordinal))
            return ScalarType.Text;

        var plain = OfPlain(text);
        return scalar.Tag.Value[TagPrefix.Length..] switch
        {
            "null" => plain is ScalarType.Null ? plain : null,
            "bool" => plain is ScalarType.Boolean ? plain : null,
            "int" => plain is ScalarType.Integer ? plain : null,
            "float" => plain is ScalarType.Integer or ScalarType.Real ? ScalarType.Real : null,
            _ => ScalarType.Text,
        };
    }

    public static ScalarType OfPlain(string text) => text switch
    {
        "" or "~" or "null" or "Null" or "NULL" => ScalarType.Null,
        _ when TryBoolean(text, out _) => ScalarType.Boolean,
        _ when GoInteger.TryParse(text, out _) => ScalarType.Integer,
        _ when IsReal(text.Replace("_", "", StringComparison.Ordinal)) => ScalarType.Real,
        _ => ScalarType.Text,
    };

    public static bool TryBoolean(string text, out bool value)
    {
        value = text is "y" or "Y" or "yes" or "Yes" or "YES" or "true" or "True" or "TRUE" or "on" or "On" or "ON";
        return value || text is "n" or "N" or "no" or "No" or "NO" or "false" or "False" or "FALSE" or "off" or "Off" or "OFF";
    }

    /// <summary>
    /// <c>[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?</c>, or infinity, or no number. Not by that expression, whose
    /// library every start would have to set up for it.
    /// </summary>
    private static bool IsReal(string text)
    {
        if (text is ".nan" or ".NaN" or ".NAN") return true;
        var rest = SkipSign(text);
        if (rest is ".inf" or ".Inf" or ".INF") return true;
        var whole = SkipDigits(ref rest);
        var fraction = 0;
        if (rest is ['.', ..])
        {
            rest = rest[1..];
            fraction = SkipDigits(ref rest);
        }
        if (whole + fraction == 0) return false;
        if (rest is ['e' or 'E', ..])
        {
            rest = SkipSign(rest[1..]);
            if (SkipDigits(ref rest) == 0) return false;
        }
        return rest.IsEmpty;
    }

    private static ReadOnlySpan<char> SkipSign(ReadOnlySpan<char> text) => text is ['-' or '+', ..] ? text[1..] : text;

    private static int SkipDigits(ref ReadOnlySpan<char> text)
    {
        var count = 0;
        while (count < text.Length && char.IsAsciiDigit(text[count]))
            count++;
        text = text[count..];
        return count;
    }
}
