using System.Globalization;
using System.Text;
using PSRegistry.Benchmarks.Comparison.Targets;

namespace PSRegistry.Benchmarks.Comparison;

/// <summary>The table as Markdown, and every figure on a line of its own.</summary>
internal static class Report
{
    /// <summary>The table; medians, and of processor time a median too.</summary>
    public static string Table(IReadOnlyList<RowResult> rows, IEnumerable<string> heading)
    {
        TargetKind[] targets = [.. Enum.GetValues<TargetKind>().Where(target => rows.Any(row => row.Median(target) is not null))];
        var text = new StringBuilder();
        foreach (var line in heading)
            text.Append(line).Append("  \n");
        text.Append(CultureInfo.InvariantCulture, $"\n| row | unit | goal | {string.Join(" | ", targets.Select(Name))} | ours / original | ours / nginx | ours / plain | server CPU ({string.Join(", ", targets.Select(Name))}) | reached |\n");
        text.Append(CultureInfo.InvariantCulture, $"|---|---|---|{string.Concat(Enumerable.Repeat("---:|", targets.Length + 3))}---|---|\n");
        foreach (var row in rows)
            AppendRow(text, row, PlainOf(row, rows), targets);
        return text.ToString();
    }

    /// <summary>Section, row, target, figure, processor time; tab between them.</summary>
    public static string Raw(IEnumerable<RowResult> rows) => string.Concat(rows.SelectMany(row => row.Figures.Select(figure => string.Create(
        CultureInfo.InvariantCulture, $"{row.Section}\t{row.Name}\t{Name(figure.Target)}\t{figure.Value:G6} {row.Unit}\t{Processor(figure.Processor, row)}\n"))));

    private static void AppendRow(StringBuilder text, RowResult row, RowResult? plain, TargetKind[] targets)
    {
        var ours = row.Median(TargetKind.Ours);
        string[] cells =
        [
            Prefix(row.Section) + row.Name,
            row.Unit,
            row.Goal.ToString(),
            .. targets.Select(target => Number(row.Median(target))),
            Number(ours / row.Median(TargetKind.Original)),
            Number(ours / row.Median(TargetKind.Nginx)),
            Number(ours / plain?.Median(TargetKind.Ours)),
            string.Join(", ", targets.Select(target => Processor(row.Processor(target), row)).Where(time => time.Length > 0)),
            row.Goal.IsReached(row, plain) switch { true => "yes", false => "**no**", null => "" },
        ];
        text.Append(CultureInfo.InvariantCulture, $"| {string.Join(" | ", cells)} |\n");
    }

    private static RowResult? PlainOf(RowResult row, IReadOnlyList<RowResult> rows) =>
        row.Section is "tls" or "h2" or "growth" ? rows.FirstOrDefault(other => other.Name == row.Name && other.Section is ("rps" or "blob" or "push")) : null;

    private static string Prefix(string section) => section switch { "tls" => "TLS: ", "h2" => "h2: ", "growth" => "grown: ", _ => "" };

    private static string Name(TargetKind target) => target switch { TargetKind.Ours => "ours", TargetKind.Portable => "portable", TargetKind.Original => "original", _ => "nginx" };

    private static string Processor(double? time, RowResult row) => time is null ? "" : $"{Number(time)} {(row.WorkUnit == "GB" ? "s" : "us")}/{row.WorkUnit}";

    private static string Number(double? value) => value switch
    {
        null => "",
        >= 1000 => value.Value.ToString("N0", CultureInfo.InvariantCulture),
        >= 100 => value.Value.ToString("0", CultureInfo.InvariantCulture),
        _ => value.Value.ToString("0.##", CultureInfo.InvariantCulture),
    };
}
