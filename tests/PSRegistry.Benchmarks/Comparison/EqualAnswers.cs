using PSRegistry.Benchmarks.Comparison.Targets;
using PSRegistry.Testing;

namespace PSRegistry.Benchmarks.Comparison;

/// <summary>Tells when the registries do not answer the same: then their figures are not of the same work.</summary>
internal static class EqualAnswers
{
    public static async Task CheckAsync(IEnumerable<RunningTarget> targets, IEnumerable<string> paths, TextWriter output, CancellationToken cancellationToken)
    {
#pragma warning disable CA5399 // Servers that this program has started, on this machine.
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
#pragma warning restore CA5399
        client.DefaultRequestHeaders.Add("Accept", $"{ImageMediaTypes.OciManifest}, */*");
        foreach (var path in paths)
        {
            var lengths = new Dictionary<TargetKind, int>();
            foreach (var target in targets.Where(target => target.Kind != TargetKind.Nginx))
                lengths[target.Kind] = (await client.GetByteArrayAsync(new Uri(target.Address, path), cancellationToken)).Length;
            if (lengths.Values.Distinct().Count() > 1)
                await output.WriteLineAsync($"!! /{path} is not answered alike: {string.Join(", ", lengths.Select(length => $"{length.Key} {length.Value} bytes"))}.");
        }
    }
}
