using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;
using PSRegistry.Client;
using PSRegistry.Connections;
using PSRegistry.Servers;

namespace PSRegistry.Completion;

/// <summary>The registries that this session has to do with: its connections, its servers, and those with a login of docker or podman.</summary>
internal static class KnownRegistries
{
    public static async IAsyncEnumerable<Proposal> ListAsync(Runspace? session, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var connection in ConnectionTable.All)
            yield return new Proposal(connection.Registry, connection.User is { } user ? $"connected as {user}" : "connected");
        foreach (var server in RunningServers.Of(session))
            yield return new Proposal(server.Registry, "server of this session");
        foreach (var registry in await KeptAsync(cancellationToken))
            yield return new Proposal(registry, "login kept for docker or podman");
    }

    private static async ValueTask<IReadOnlyList<string>> KeptAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await CredentialStore.OfUser().ListAsync(cancellationToken);
        }
        catch (CredentialStoreException)
        {
            // Told to whoever needs a login; the other proposals are good without.
            return [];
        }
    }
}
