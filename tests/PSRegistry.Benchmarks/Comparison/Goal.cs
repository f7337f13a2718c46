using System.Globalization;
using PSRegistry.Benchmarks.Comparison.Targets;

namespace PSRegistry.Benchmarks.Comparison;

/// <summary>What a row must reach. Every part that is set must hold.</summary>
internal sealed record Goal
{
    /// <summary>Nothing to reach: a figure to know.</summary>
    public static Goal None { get; } = new();

    /// <summary>Times the original's figure.</summary>
    public double? OverOriginal { get; init; }

    /// <summary>Times nginx's figure.</summary>
    public double? OverNginx { get; init; }

    /// <summary>Times our own figure in the row of the same name over plain HTTP and a small store.</summary>
    public double? OverPlain { get; init; }

    /// <summary>The original's processor time, times this, is the most.</summary>
    public double? ProcessorOfOriginal { get; init; }

    /// <summary>The most, in the row's unit.</summary>
    public double? AtMost { get; init; }

    /// <summary>The most of the portable build.</summary>
    public double? PortableAtMost { get; init; }

    /// <inheritdoc/>
    public override string ToString()
    {
        (double? Value, string Of)[] parts =
        [
            (OverOriginal, "x original"), (OverNginx, "x nginx"), (OverPlain, "x plain"), (ProcessorOfOriginal, "x original's CPU"), (AtMost, "at most"), (PortableAtMost, "portable"),
        ];
        return string.Join(", ", parts.Where(part => part.Value is not null).Select(part => string.Create(CultureInfo.InvariantCulture, $"{part.Value:0.##} {part.Of}")));
    }

    /// <summary>Whether the row reaches it; null where something to compare with was not measured.</summary>
    public bool? IsReached(RowResult row, RowResult? plain)
    {
        var (ours, original) = (row.Median(TargetKind.Ours), row.Median(TargetKind.Original));
        List<bool?> parts =
        [
            AtLeast(ours, OverOriginal, original),
            AtLeast(ours, OverNginx, row.Median(TargetKind.Nginx)),
            AtLeast(ours, OverPlain, plain?.Median(TargetKind.Ours)),
            NoMore(row.Processor(TargetKind.Ours), ProcessorOfOriginal * row.Processor(TargetKind.Original), ProcessorOfOriginal),
            NoMore(ours, AtMost, AtMost),
            // It takes part only where it was asked for.
            row.Median(TargetKind.Portable) is { } portable ? NoMore(portable, PortableAtMost, PortableAtMost) : true,
        ];
        return parts.Contains(false) ? false : ToString().Length == 0 || parts.Contains(null) ? null : true;
    }

    /// <summary>True where nothing is demanded.</summary>
    private static bool? AtLeast(double? value, double? times, double? other) => times is null ? true : value is { } x && other is { } y ? x >= times * y : null;

    /// <summary>True where nothing is demanded.</summary>
    private static bool? NoMore(double? value, double? most, double? demanded) => demanded is null ? true : value is { } x && most is { } y ? x <= y : null;
}
