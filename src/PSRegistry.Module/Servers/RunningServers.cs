using System.Collections.Immutable;
using System.Management.Automation.Runspaces;
using System.Runtime.InteropServices;
using PSRegistry.Output;
using PSRegistry.Pipeline;

namespace PSRegistry.Servers;

/// <summary>
/// The servers of this process, and the ways in which they end without being asked to: their runspace closes, the module is removed
/// from it, the process exits, or a signal ends it. One table for all runspaces, since they share the process's ports.
/// </summary>
internal static class RunningServers
{
    private static readonly Lock Gate = new();
    private static ImmutableList<Entry> _entries = [];
    private static ImmutableArray<PosixSignalRegistration> _signals = [];

    /// <summary>Every server, in the order of their starts.</summary>
    public static IEnumerable<RegistryServer> All => _entries.Select(entry => entry.Server);

    /// <summary>The servers that were started in a runspace.</summary>
    public static IEnumerable<RegistryServer> Of(Runspace? runspace) =>
        _entries.Where(entry => entry.Runspace?.InstanceId == runspace?.InstanceId).Select(entry => entry.Server);

    /// <summary>Takes a server in; it ends with the runspace at the latest.</summary>
    public static void Add(RegistryServer server, Runspace? runspace)
    {
        lock (Gate)
        {
            if (_entries.IsEmpty)
                Watch();
            if (runspace is not null && !Of(runspace).Any())
                runspace.StateChanged += OnStateChanged;
            _entries = _entries.Add(new Entry(server, runspace));
        }
    }

    /// <summary>Ends a server; requests in flight come to their end within its drain timeout, or until <paramref name="breakOff"/>.</summary>
    public static async Task StopAsync(RegistryServer server, CancellationToken breakOff)
    {
        if (server.State == RegistryServerState.Stopped)
            return;
        server.State = RegistryServerState.Stopping;
        await server.StopAsync(breakOff);
        await server.ReleaseAsync();
        Forget(server);
    }

    /// <summary>Ends several servers at once, for a caller that cannot wait asynchronously.</summary>
    public static void StopAll(IEnumerable<RegistryServer> servers) =>
        PipelineThread.Wait(() => Task.WhenAll(servers.ToList().Select(server => StopAsync(server, CancellationToken.None))));

    private static void Forget(RegistryServer server)
    {
        lock (Gate)
        {
            if (_entries.Find(entry => entry.Server == server) is not { } entry)
                return;
            _entries = _entries.Remove(entry);
            if (entry.Runspace is { } runspace && !Of(runspace).Any())
                runspace.StateChanged -= OnStateChanged;
            if (_entries.IsEmpty)
                Unwatch();
        }
    }

    private static void OnStateChanged(object? sender, RunspaceStateEventArgs change)
    {
        if (change.RunspaceStateInfo.State is RunspaceState.Closing or RunspaceState.Closed or RunspaceState.Broken && sender is Runspace runspace)
            StopAll(Of(runspace));
    }

    private static void OnProcessExit(object? sender, EventArgs exit) => StopAll(All);

    /// <summary>The signal is not cancelled: when the servers are down, it does what it would have done.</summary>
    private static void OnSignal(PosixSignalContext signal) => StopAll(All);

    private static void Watch()
    {
        AppDomain.CurrentDomain.ProcessExit += OnProcessExit;
        _signals = [PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal), PosixSignalRegistration.Create(PosixSignal.SIGHUP, OnSignal)];
    }

    private static void Unwatch()
    {
        AppDomain.CurrentDomain.ProcessExit -= OnProcessExit;
        foreach (var signal in _signals)
            signal.Dispose();
        _signals = [];
    }

    private sealed record Entry(RegistryServer Server, Runspace? Runspace);
}
