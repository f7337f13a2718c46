using PSRegistry.Benchmarks.Comparison.Targets;
using PSRegistry.Testing;

namespace PSRegistry.Benchmarks.Comparison;

/// <summary>All targets, running: each over a folder of its own on the same disk.</summary>
internal sealed class Arena : IAsyncDisposable
{
    private readonly List<RunningTarget> _targets = [];

    /// <summary>The targets that could be started.</summary>
    public IReadOnlyList<RunningTarget> Targets => _targets;

    /// <summary>Those that speak the registry protocol.</summary>
    public IEnumerable<RunningTarget> Registries => _targets.Where(target => target.Kind != TargetKind.Nginx);

    /// <summary>Starts the targets one after another.</summary>
    /// <param name="commands">Who takes part.</param>
    /// <param name="folder">Holds <c>data-KIND</c> of each, and <c>www</c>.</param>
    /// <param name="tls">The certificate; null for plain HTTP.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<Arena> StartAsync(IEnumerable<TargetCommand> commands, string folder, TlsFolder? tls, CancellationToken cancellationToken)
    {
        var arena = new Arena();
        try
        {
            await Content.WriteFilesAsync(Path.Combine(folder, "www"), cancellationToken);
            foreach (var command in commands)
            {
                var data = Path.Combine(folder, command.Kind == TargetKind.Nginx ? "www" : $"data-{command.Kind}");
                Directory.CreateDirectory(data);
                arena._targets.Add(await RunningTarget.StartAsync(command, Path.Combine(folder, $"run-{command.Kind}{(tls is null ? "" : "-tls")}"), data, tls, cancellationToken));
            }
            return arena;
        }
        catch
        {
            await arena.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var target in _targets)
            await target.DisposeAsync();
    }
}
