using System.Globalization;

namespace PSRegistry.Server.Configuration;

/// <summary>Durations as Go's <c>time.ParseDuration</c> takes them: <c>168h</c>, <c>1m30s</c>, <c>1.5h</c>, <c>-5s</c>.</summary>
internal static class GoDuration
{
    private const long NanosecondsPerTick = 100;

    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        var rest = text.AsSpan();
        var negative = rest.StartsWith("-");
        if (negative || rest.StartsWith("+")) rest = rest[1..];
        if (rest is "0") return true;
        if (rest.IsEmpty) return false;

        decimal nanoseconds = 0;
        while (!rest.IsEmpty)
        {
            var number = rest[..End(rest, static c => char.IsAsciiDigit(c) || c == '.')];
            rest = rest[number.Length..];
            var unit = rest[..End(rest, static c => !char.IsAsciiDigit(c) && c != '.')];
            rest = rest[unit.Length..];
            // Longer than any duration Go can hold, and it would overflow a decimal.
            if (number.Length > 28
                || !decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount)
                || NanosecondsIn(unit) is not { } worth)
                return false;
            if (amount > long.MaxValue / worth) return false;
            nanoseconds += amount * worth;
            if (nanoseconds > long.MaxValue) return false;
        }
        duration = FromNanoseconds((long)(negative ? -nanoseconds : nanoseconds));
        return true;
    }

    public static TimeSpan FromNanoseconds(long nanoseconds) => TimeSpan.FromTicks(nanoseconds / NanosecondsPerTick);

    private static long? NanosecondsIn(ReadOnlySpan<char> unit) => unit switch
    {
        "ns" => 1,
        "us" or "µs" or "μs" => 1_000,
        "ms" => 1_000_000,
        "s" => 1_000_000_000,
        "m" => 60_000_000_000,
        "h" => 3_600_000_000_000,
        _ => null,
    };

    private static int End(ReadOnlySpan<char> text, Func<char, bool> belongs)
    {
        var end = 0;
        while (end < text.Length && belongs(text[end])) end++;
        return end;
    }
}
