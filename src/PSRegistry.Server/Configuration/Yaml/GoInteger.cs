using System.Globalization;

namespace PSRegistry.Server.Configuration;

/// <summary>Integers as Go's <c>strconv.ParseInt(text, 0, 64)</c> takes them once YAML's underscores are gone.</summary>
internal static class GoInteger
{
    public static bool TryParse(string text, out long value)
    {
        value = 0;
        var digits = text.Replace("_", "", StringComparison.Ordinal).AsSpan();
        var negative = digits.StartsWith("-");
        if (negative || digits.StartsWith("+")) digits = digits[1..];

        ulong radix = digits switch
        {
            ['0', 'x' or 'X', ..] => 16,
            ['0', 'b' or 'B', ..] => 2,
            ['0', 'o' or 'O', ..] => 8,
            ['0', _, ..] => 8,
            _ => 10,
        };
        var hasLetter = digits.Length > 1 && char.IsAsciiLetter(digits[1]);
        var body = radix is 10 ? digits : digits[(hasLetter ? 2 : 1)..];
        if (body.IsEmpty) return false;

        var most = negative ? (ulong)long.MaxValue + 1 : long.MaxValue;
        ulong sum = 0;
        foreach (var digit in body)
        {
            if (!char.IsAsciiHexDigit(digit)) return false;
            var worth = ulong.Parse([digit], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            if (worth >= radix || sum > (most - worth) / radix) return false;
            sum = (sum * radix) + worth;
        }
        value = negative ? unchecked(-(long)sum) : (long)sum;
        return true;
    }
}
