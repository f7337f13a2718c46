using PSRegistry.Benchmarks.Comparison.Targets;

namespace PSRegistry.Benchmarks.Comparison;

/// <summary>One line of the table, and how its figure is taken.</summary>
/// <param name="Section">The part of the table.</param>
/// <param name="Name">What is measured; rows of one name over plain HTTP and TLS are compared.</param>
/// <param name="Unit">The unit of the figure.</param>
/// <param name="Measure">Loads one target once; null for a target that has no such row.</param>
internal sealed record Row(string Section, string Name, string Unit, Func<RunningTarget, CancellationToken, Task<Sample?>> Measure)
{
    /// <summary>What must be reached.</summary>
    public Goal Goal { get; init; } = Goal.None;

    /// <summary>What processor time is divided by, in words: a request, a GB.</summary>
    public required string WorkUnit { get; init; }
}

/// <summary>One measurement.</summary>
/// <param name="Value">The figure, in the row's unit.</param>
/// <param name="Work">How much was done meanwhile, for the processor time: requests, items, GB.</param>
internal sealed record Sample(double Value, double Work);
