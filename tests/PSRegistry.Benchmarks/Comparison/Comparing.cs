using PSRegistry.Benchmarks.Comparison.Growth;
using PSRegistry.Benchmarks.Comparison.Rows;
using PSRegistry.Benchmarks.Comparison.Targets;
using PSRegistry.Testing;

namespace PSRegistry.Benchmarks.Comparison;

/// <summary>The comparison from its first row to its last.</summary>
internal sealed class Comparing(CompareOptions options, string folder, TextWriter output)
{
    private readonly Measuring _measuring = new(options.Runs, output);
    private readonly Programs _programs = new(output);
    private readonly List<TargetCommand> _commands = [];
    private string _big = "";

    /// <summary>Takes every figure that is wanted.</summary>
    public async Task<IReadOnlyList<RowResult>> RunAsync(CancellationToken cancellationToken)
    {
        if (await DiskRoom.LacksAsync(folder, 6L * Content.BigSize, 100_000, cancellationToken) is { } lack)
            throw new LoadException(lack);
        _commands.Add(new TargetCommand(TargetKind.Ours, await _programs.FindOursAsync(options.Program, Path.Combine(folder, "program"), cancellationToken)));
        if (options.Portable is { } portable)
            _commands.Add(new TargetCommand(TargetKind.Portable, Programs.InFolder(portable)));
        if (_programs.Find("docker-registry") is { } original)
            _commands.Add(new TargetCommand(TargetKind.Original, original));
        if (_programs.Find("nginx") is { } nginx)
            _commands.Add(new TargetCommand(TargetKind.Nginx, nginx));

        if (options.Wants("start"))
        {
            _measuring.Add(await StartRow.MeasureAsync(_commands, options.Runs, folder, cancellationToken));
            _measuring.Add(await ModuleStartRow.MeasureAsync(options.Runs, Path.Combine(folder, "package"), cancellationToken));
        }
        if (options.Wants("rps", "blob", "push", "memory", "tls", "h2"))
            await MeasurePlainAsync(cancellationToken);
        if (options.Wants("tls", "h2"))
            await MeasureSecureAsync(cancellationToken);
        if (options.Wants("growth"))
        {
            // The disk need not hold both at once.
            foreach (var data in Directory.EnumerateDirectories(folder, "data-*"))
                Directory.Delete(data, recursive: true);
            await MeasureGrowthAsync(cancellationToken);
        }
        return _measuring.Results;
    }

    private async Task MeasurePlainAsync(CancellationToken cancellationToken)
    {
        await using var arena = await Arena.StartAsync(_commands, folder, tls: null, cancellationToken);
        await output.WriteLineAsync("filling the registries...");
        foreach (var target in arena.Registries)
            await Content.PushAllAsync(target, cancellationToken);
        string[] lists = [$"v2/{Content.Tags}/tags/list", "v2/_catalog?n=1000", $"v2/{Content.Small}/manifests/latest"];
        await EqualAnswers.CheckAsync(arena.Registries, lists, output, cancellationToken);
        if (options.Wants("rps"))
            await _measuring.MeasureAsync(RequestRows.Make(LoadsOf("rps"), overPlain: null), arena.Targets, cancellationToken);
        if (options.Wants("blob", "tls", "h2"))
            _big = await Content.AddBigAsync(arena.Registries, Path.Combine(folder, "www"), cancellationToken);
        if (options.Wants("blob"))
            await _measuring.MeasureAsync(PullRows.Make(LoadsOf("blob"), _big, overPlain: null), arena.Targets, cancellationToken);
        if (options.Wants("push"))
            await _measuring.MeasureAsync(PushRows.Make(LoadsOf("push"), overPlain: null), arena.Targets, cancellationToken);
        if (options.Wants("memory"))
            AddMemory(arena);
    }

    /// <summary>The peak is that of all rows measured before: the whole table's when all sections are wanted.</summary>
    private void AddMemory(Arena arena)
    {
        Figure[] Of(Func<RunningTarget, double> memory) => [.. arena.Targets.Select(target => new Figure(target.Kind, memory(target), null))];
        _measuring.Add(new RowResult("memory", "RSS, idle", "MiB", new Goal { AtMost = 25, PortableAtMost = 60 }, "") { Figures = [.. Of(target => target.IdleMemory)] });
        _measuring.Add(new RowResult("memory", "RSS, peak", "MiB", new Goal { AtMost = 120, PortableAtMost = 160 }, "") { Figures = [.. Of(target => target.PeakMemory)] });
    }

    /// <summary>New processes over the folders that the plain ones have filled.</summary>
    private async Task MeasureSecureAsync(CancellationToken cancellationToken)
    {
        const double HalfOfPlain = 0.5;
        using var tls = new TlsFolder();
        await using var arena = await Arena.StartAsync(_commands, folder, tls, cancellationToken);
        foreach (var loads in new[] { LoadsOf("tls"), LoadsOf("h2") }.Where(loads => options.Wants(loads.Section)))
        {
            await _measuring.MeasureAsync(RequestRows.Make(loads, HalfOfPlain), arena.Targets, cancellationToken);
            await _measuring.MeasureAsync(PullRows.Make(loads, _big, HalfOfPlain), arena.Targets, cancellationToken);
            await _measuring.MeasureAsync(PushRows.Make(loads, HalfOfPlain), arena.Targets, cancellationToken);
        }
    }

    private async Task MeasureGrowthAsync(CancellationToken cancellationToken)
    {
        var registries = _commands.Count(command => command.Kind != TargetKind.Nginx);
        if (await DiskRoom.LacksAsync(folder, 0, registries * GrownStore.Entries(options), cancellationToken) is { } lack)
        {
            await output.WriteLineAsync($"!! the growth rows are skipped: {lack} --growth-repositories, --growth-tags and --growth-blobs make the store smaller.");
            return;
        }
        var grown = Path.Combine(folder, "grown");
        await using var arena = await Arena.StartAsync(_commands, grown, tls: null, cancellationToken);
        foreach (var target in arena.Registries)
        {
            await output.WriteLineAsync($"growing the store of {target.Kind}...");
            await Content.PushImageAsync(target, Content.Small, "latest", cancellationToken);
            await Content.PushImageAsync(target, Content.Tags, "latest", cancellationToken);
            new GrownStore(Path.Combine(grown, $"data-{target.Kind}")).Grow(options, cancellationToken);
        }
        await EqualAnswers.CheckAsync(arena.Registries, [$"v2/{Content.Tags}/tags/list", "v2/_catalog?n=1000"], output, cancellationToken);
        await _measuring.MeasureAsync(GrowthRows.Make(LoadsOf("growth"), options.GrowthTags), arena.Targets, cancellationToken);
    }

    private Loads LoadsOf(string section) => new(section, options.Seconds, _programs);
}
