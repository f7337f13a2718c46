using System.Collections.Immutable;
using PSRegistry.Client;
using PSRegistry.Output;

namespace PSRegistry.Connections;

/// <summary>
/// The registries that this process is logged in to, for all of its runspaces: an immutable snapshot at every moment, so that parallel
/// pipelines neither lock nor see half of a change. Credentials stay inside the clients and travel on no object.
/// </summary>
internal static class ConnectionTable
{
    private static ImmutableSortedDictionary<string, Entry> _entries = ImmutableSortedDictionary.Create<string, Entry>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Every connection, by the name of its registry.</summary>
    public static IEnumerable<RegistryConnection> All => _entries.Values.Select(entry => entry.Connection);

    /// <summary>The client of a registry that this process is connected to; null when it is not.</summary>
    public static RegistryClient? Find(RegistryAddress address) => _entries.GetValueOrDefault(Key(address))?.Client;

    /// <summary>Takes a connection in; one to the same registry gives its place to it.</summary>
    public static void Add(RegistryConnection connection, RegistryClient client) =>
        ImmutableInterlocked.Update(ref _entries, entries => entries.SetItem(Key(client.Address), new Entry(connection, client)));

    /// <summary>
    /// Gives a connection up; null when there was none. Its client is not disposed of: another pipeline may be reading with it, and its
    /// idle connections close by themselves.
    /// </summary>
    public static RegistryConnection? Remove(RegistryAddress address)
    {
        Entry? removed = null;
        ImmutableInterlocked.Update(ref _entries, entries =>
        {
            removed = entries.GetValueOrDefault(Key(address));
            return entries.Remove(Key(address));
        });
        return removed?.Connection;
    }

    private static string Key(RegistryAddress address) => address.BaseUri.AbsoluteUri;

    private sealed record Entry(RegistryConnection Connection, RegistryClient Client);
}
