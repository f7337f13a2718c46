using System.Collections.Immutable;
using PSRegistry.Benchmarks.Comparison.Targets;

namespace PSRegistry.Benchmarks.Comparison;

/// <summary>Everything measured for one row.</summary>
/// <param name="Section">The part of the table.</param>
/// <param name="Name">The row's name.</param>
/// <param name="Unit">The unit of the figures.</param>
/// <param name="Goal">What must be reached.</param>
/// <param name="WorkUnit">What the processor time is per; empty where none was taken.</param>
internal sealed record RowResult(string Section, string Name, string Unit, Goal Goal, string WorkUnit)
{
    /// <summary>Each figure, in the order in which they were taken.</summary>
    public ImmutableArray<Figure> Figures { get; init; } = [];

    /// <summary>The middle figure of a target; null where it has none.</summary>
    public double? Median(TargetKind target) => Middle(Figures.Where(figure => figure.Target == target).Select(figure => figure.Value));

    /// <summary>The middle processor time of a target for one unit of work: microseconds for a request, seconds for a GB.</summary>
    public double? Processor(TargetKind target) => Middle(Figures.Where(figure => figure.Target == target).Select(figure => figure.Processor).OfType<double>());

    private static double? Middle(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? null : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}

/// <summary>One figure of one target.</summary>
/// <param name="Target">Whose.</param>
/// <param name="Value">In the row's unit.</param>
/// <param name="Processor">The server's processor time for one unit of work; null where it was not taken.</param>
internal sealed record Figure(TargetKind Target, double Value, double? Processor);
