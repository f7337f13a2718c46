using System.Buffers;
using System.Globalization;
using System.Text;

namespace PSRegistry.Server.Telemetry;

/// <summary>Writes the text format of Prometheus, version 0.0.4.</summary>
internal static class MetricText
{
    public const string MediaType = "text/plain; version=0.0.4; charset=utf-8";

    public static void Write(IBufferWriter<byte> output, IEnumerable<MetricFamily> families)
    {
        foreach (var family in families)
        {
            var series = family.Series.ToList();
            if (series.Count == 0)
                continue;
            Line(output, $"# HELP {family.Name} {family.Help.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("\n", @"\n", StringComparison.Ordinal)}");
            Line(output, $"# TYPE {family.Name} {Type(family.Kind)}");
            foreach (var (labels, values) in series)
            {
                if (family.Kind is MetricKind.Histogram)
                    WriteHistogram(output, family.Name, labels, values);
                else
                    Line(output, $"{family.Name}{Braces(labels)} {Number(values.Value)}");
            }
        }
    }

    /// <summary>Each bucket counts what is in those before it as well.</summary>
    private static void WriteHistogram(IBufferWriter<byte> output, string name, string labels, MetricSeries series)
    {
        var before = labels.Length > 0 ? labels + "," : "";
        long count = 0;
        for (var i = 0; i < series.Bounds.Length; i++)
        {
            count += series.Bucket(i);
            Line(output, $"{name}_bucket{{{before}le=\"{Bound(series.Bounds[i])}\"}} {count}");
        }
        count += series.Bucket(series.Bounds.Length);
        Line(output, $"{name}_bucket{{{before}le=\"+Inf\"}} {count}");
        Line(output, $"{name}_sum{Braces(labels)} {Number(series.Value)}");
        Line(output, $"{name}_count{Braces(labels)} {count}");
    }

    private static string Braces(string labels) => labels.Length > 0 ? $"{{{labels}}}" : "";

    private static string Type(MetricKind kind) => kind switch
    {
        MetricKind.Counter => "counter",
        MetricKind.Histogram => "histogram",
        _ => "gauge",
    };

    private static string Number(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };

    /// <summary>
    /// As Go writes it, with an exponent from a million on: a bound is a label, and Prometheus takes <c>1048576</c> for another bucket than the
    /// original's <c>1.048576e+06</c>.
    /// </summary>
    private static string Bound(double bound)
    {
        if (bound is >= 1e-4 and < 1e6)
            return Number(bound);
        var parts = bound.ToString("E15", CultureInfo.InvariantCulture).Split('E');
        var exponent = int.Parse(parts[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture, $"{parts[0].TrimEnd('0').TrimEnd('.')}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}");
    }

    private static void Line(IBufferWriter<byte> output, FormattableString line)
    {
        Encoding.UTF8.GetBytes(line.ToString(CultureInfo.InvariantCulture), output);
        output.Write("\n"u8);
    }
}
