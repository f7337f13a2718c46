using System.Globalization;
using System.Text.RegularExpressions;

namespace PSRegistry.Services;

/// <summary>Times as the configuration writes them, which the server has read and found sound: 30s, 1m30s, 1.5h.</summary>
internal static partial class GoTime
{
    public static bool TryParse(string text, out TimeSpan time)
    {
        time = TimeSpan.Zero;
        if (text == "0")
            return true;
        if (!Whole().IsMatch(text))
            return false;
        var seconds = Part().Matches(text).Sum(part => double.Parse(part.Groups[1].Value, CultureInfo.InvariantCulture) * Seconds(part.Groups[2].Value));
        if (seconds > TimeSpan.MaxValue.TotalSeconds / 4)
            return false;
        time = TimeSpan.FromSeconds(seconds);
        return true;
    }

    private static double Seconds(string unit) => unit switch
    {
        "h" => 3600,
        "m" => 60,
        "s" => 1,
        "ms" => 1e-3,
        "ns" => 1e-9,
        _ => 1e-6,
    };

    [GeneratedRegex(@"^([0-9]+\.?[0-9]*(h|ms|m|us|µs|μs|ns|s))+$")]
    private static partial Regex Whole();

    [GeneratedRegex(@"([0-9]+\.?[0-9]*)(h|ms|m|us|µs|μs|ns|s)")]
    private static partial Regex Part();
}
