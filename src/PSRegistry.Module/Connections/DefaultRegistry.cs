using System.Management.Automation.Runspaces;
using PSRegistry.Servers;

namespace PSRegistry.Connections;

/// <summary>Which registry is meant when none is named.</summary>
internal static class DefaultRegistry
{
    /// <summary>
    /// The registries that this process is connected to, else the servers of this session, else localhost:5000. Several are too many to
    /// guess.
    /// </summary>
    public static IReadOnlyList<string> Candidates()
    {
        var candidates = ConnectionTable.All.Select(connection => connection.Registry).ToList();
        if (candidates.Count == 0)
            candidates = [.. RunningServers.Of(Runspace.DefaultRunspace).Select(server => server.Registry)];
        return candidates.Count == 0 ? ["localhost:5000"] : candidates;
    }
}
