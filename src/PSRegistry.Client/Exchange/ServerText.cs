using System.Globalization;
using System.Text;

namespace PSRegistry.Client;

/// <summary>Text from elsewhere on its way into a message: one line, nothing that a terminal would obey, of a sane length.</summary>
internal static class ServerText
{
    private const int MaxLength = 300;

    /// <summary>The text without control and formatting characters, cut at <paramref name="maxLength"/> characters.</summary>
    public static string Clean(string text, int maxLength = MaxLength)
    {
        var clean = new StringBuilder(Math.Min(text.Length, maxLength));
        foreach (var rune in text.EnumerateRunes())
        {
            if (clean.Length >= maxLength)
                return clean.Append('…').ToString();
            if (IsHarmless(rune))
                clean.Append(rune);
            else if (clean.Length > 0 && clean[^1] != ' ')
                clean.Append(' ');
        }
        return clean.ToString().Trim();
    }

    // Formatting characters reverse or hide what stands beside them.
    private static bool IsHarmless(Rune rune) => Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.Surrogate);
}
