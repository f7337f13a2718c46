using PSRegistry.Benchmarks.Comparison.Load;
using PSRegistry.Benchmarks.Comparison.Targets;

namespace PSRegistry.Benchmarks.Comparison;

/// <summary>Tells when the registries do not answer the same: then their figures are not of the same work.</summary>
internal static class EqualAnswers
{
    public static async Task CheckAsync(IEnumerable<RunningTarget> registries, IEnumerable<string> paths, TextWriter output, CancellationToken cancellationToken)
    {
        foreach (var path in paths)
        {
            var lengths = new Dictionary<TargetKind, int>();
            foreach (var target in registries)
                lengths[target.Kind] = (await Asking.GetAsync(new Uri(target.Address, path), cancellationToken)).Length;
            if (lengths.Values.Distinct().Count() > 1)
                await output.WriteLineAsync($"!! /{path} is not answered alike: {string.Join(", ", lengths.Select(length => $"{length.Key} {length.Value} bytes"))}.");
        }
    }
}
