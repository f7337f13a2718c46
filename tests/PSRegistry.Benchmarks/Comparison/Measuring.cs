using System.Globalization;
using PSRegistry.Benchmarks.Comparison.Targets;

namespace PSRegistry.Benchmarks.Comparison;

/// <summary>Takes the figures of rows: every round measures each target once, so that what disturbs the machine disturbs all of them.</summary>
internal sealed class Measuring(int runs, TextWriter output)
{
    private readonly List<RowResult> _results = [];

    /// <summary>What was measured so far.</summary>
    public IReadOnlyList<RowResult> Results => _results;

    /// <summary>Measures rows one after another.</summary>
    public async Task MeasureAsync(IEnumerable<Row> rows, IReadOnlyList<RunningTarget> targets, CancellationToken cancellationToken)
    {
        foreach (var row in rows)
        {
            var figures = new List<Figure>();
            for (var run = 0; run < runs; run++)
            {
                foreach (var target in targets)
                {
                    if (await MeasureAsync(row, target, cancellationToken) is { } figure)
                        figures.Add(figure);
                }
            }
            if (figures.Count > 0)
                Add(new RowResult(row.Section, row.Name, row.Unit, row.Goal, row.WorkUnit) { Figures = [.. figures] });
        }
    }

    /// <summary>Adds a row that was measured in another way, and tells it.</summary>
    public void Add(RowResult row)
    {
        _results.Add(row);
        var targets = row.Figures.Select(figure => figure.Target).Distinct().Select(target => string.Create(
            CultureInfo.InvariantCulture, $"{target}={row.Median(target):G4} [{string.Join(' ', row.Figures.Where(figure => figure.Target == target).Select(figure => figure.Value.ToString("G4", CultureInfo.InvariantCulture)))}]"));
        output.WriteLine($"{row.Section,-7} {row.Name,-36} {row.Unit,-6} {string.Join("  ", targets)}");
    }

    private async Task<Figure?> MeasureAsync(Row row, RunningTarget target, CancellationToken cancellationToken)
    {
        try
        {
            var before = target.ProcessorSeconds;
            if (await row.Measure(target, cancellationToken) is not { } sample)
                return null;
            var seconds = (target.ProcessorSeconds - before) / sample.Work;
            return new Figure(target.Kind, sample.Value, row.WorkUnit == "GB" ? seconds : seconds * 1e6);
        }
        catch (LoadException fault)
        {
            await output.WriteLineAsync($"!! {row.Section} {row.Name}, {target.Kind}: {fault.Message}");
            return null;
        }
    }
}
