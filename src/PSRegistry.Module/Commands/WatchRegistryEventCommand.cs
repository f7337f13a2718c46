using System.Management.Automation;
using PSRegistry.Errors;
using PSRegistry.Hosting;
using PSRegistry.Output;
using PSRegistry.Pipeline;

namespace PSRegistry.Commands;

/// <summary>
/// Writes what happens to a registry's content as objects: pushes, pulls, mounts and deletes, as they happen, or from a moment in the past on
/// where the server keeps its events. It goes on until Ctrl+C, or until the server stops; of several servers, until all have.
/// </summary>
/// <example>
/// <code>Watch-RegistryEvent -Action push -Timeout 1</code>
/// <para>Shows what is pushed to this session's server within a second.</para>
/// </example>
/// <example>
/// <code>Watch-RegistryEvent -DataPath ./registry -Since (Get-Date).AddDays(-1) -NoFollow | Where-Object User -EQ ann</code>
/// <para>Shows what ann did since yesterday, from the events that a server in another process keeps beside its data.</para>
/// </example>
/// <example>
/// <code>Watch-RegistryEvent -DataPath ./registry -Action push -Repository team/* -Timeout 1 | Where-Object Tag | Get-RegistryImage</code>
/// <para>Shows each image as it is pushed.</para>
/// </example>
[Cmdlet(VerbsCommon.Watch, "RegistryEvent")]
[OutputType(typeof(RegistryEvent))]
public sealed class WatchRegistryEventCommand : EventSourceCommand
{
    private readonly List<RegistryServer> _servers = [];

    /// <summary>Begins with what happened at this time, as far as events are kept. Default: what happens from now on.</summary>
    [Parameter]
    public DateTime Since { get; set; }

    /// <summary>Only repositories of these names. Wildcards work; letter case counts.</summary>
    [Parameter]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Repository { get; set; }

    /// <summary>Only these actions. Default: all.</summary>
    [Parameter]
    [ValidateSet("push", "pull", "mount", "delete")]
    public string[]? Action { get; set; }

    /// <summary>How many seconds to watch. Default: without end.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue / 1000)]
    public int Timeout { get; set; }

    /// <summary>Ends behind the last event that is kept, instead of waiting for more. It needs -Since.</summary>
    [Parameter]
    public SwitchParameter NoFollow { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        if (Folder is null)
            _servers.AddRange(Servers);
    }

    /// <inheritdoc/>
    protected override void Finish()
    {
        DateTimeOffset? since = MyInvocation.BoundParameters.ContainsKey(nameof(Since)) ? Moment(Since) : null;
        if (NoFollow && since is null)
            ThrowTerminatingError(EventErrors.SinceWhen());
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        if (MyInvocation.BoundParameters.ContainsKey(nameof(Timeout)))
            limit.CancelAfter(TimeSpan.FromSeconds(Timeout));
        try
        {
            if (Folder is { } folder)
                Use(folder, () => Write(Of(folder, OpenServer().WatchEvents(folder, since, !NoFollow, limit.Token))));
            else
                WatchServers(since, limit.Token);
        }
        catch (OperationCanceledException) when (!Stop.IsCancellationRequested)
        {
            // The time is up.
        }
    }

    private void WatchServers(DateTimeOffset? since, CancellationToken end)
    {
        foreach (var server in _servers.Where(server => since is not null && server.EventFolder is null))
            WriteError(EventErrors.InMemory(server));
        Write(AsTheyCome.MergeAsync(
            [.. _servers.Where(server => since is null || server.EventFolder is not null).Select(server => Of(server.Registry, server.WatchEvents(since, !NoFollow, end)))], end));
    }

    private void Write(IAsyncEnumerable<RegistryEvent> events)
    {
        foreach (var one in events.ToBlockingEnumerable(CancellationToken.None))
            WriteObject(one);
    }

    /// <summary>What is asked for of what happens.</summary>
    private IAsyncEnumerable<RegistryEvent> Of(string registry, IAsyncEnumerable<EventRecord> events)
    {
        var repositories = NamePatterns.Of(Repository);
        return events
            .Where(record => repositories.Match(record.Repository) && (Action is null || Action.Contains(record.Action, StringComparer.OrdinalIgnoreCase)))
            .Select(record => new RegistryEvent(registry, record));
    }
}
