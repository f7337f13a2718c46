using System.Diagnostics.Metrics;
using System.Text;

namespace PSRegistry.Server.Telemetry;

/// <summary>
/// The name under which Prometheus knows an instrument, by the rules of OpenTelemetry: dots become underscores, the unit is written out
/// behind, and a counter ends in <c>_total</c>. So <c>registry.http.request.duration</c> in <c>s</c> is the original's
/// <c>registry_http_request_duration_seconds</c>.
/// </summary>
internal static class MetricName
{
    public static string Of(Instrument instrument, MetricKind kind)
    {
        var name = new StringBuilder(Plain(instrument.Name));
        Append(name, Unit(instrument.Unit));
        if (kind is MetricKind.Counter)
            Append(name, "total");
        return name.ToString();
    }

    /// <summary>A name of a label or metric: letters, digits and underscores, and no digit at its beginning.</summary>
    public static string Plain(string name)
    {
        var plain = string.Create(name.Length, name, static (span, name) =>
        {
            for (var i = 0; i < span.Length; i++)
                span[i] = char.IsAsciiLetterOrDigit(name[i]) ? name[i] : '_';
        });
        return plain.Length == 0 || char.IsAsciiDigit(plain[0]) ? "_" + plain : plain;
    }

    private static void Append(StringBuilder name, string ending)
    {
        if (ending.Length > 0 && !name.ToString().EndsWith("_" + ending, StringComparison.Ordinal))
            name.Append('_').Append(ending);
    }

    /// <summary>A unit in braces says what is counted, and the name says that already.</summary>
    private static string Unit(string? unit) => unit switch
    {
        null or "" or "1" => "",
        "s" => "seconds",
        "ms" => "milliseconds",
        "By" => "bytes",
        "%" => "percent",
        _ when unit[0] == '{' => "",
        _ => Plain(unit),
    };
}
