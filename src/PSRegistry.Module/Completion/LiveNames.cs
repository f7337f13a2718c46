using System.Runtime.CompilerServices;
using PSRegistry.Client;
using PSRegistry.Connections;
using PSRegistry.Oci;

namespace PSRegistry.Completion;

/// <summary>Names that a registry lists at the moment.</summary>
internal static class LiveNames
{
    /// <summary>The repositories that begin with a word, of the registry in that word or else on the line; none when several could be meant, or a data folder is.</summary>
    public static IAsyncEnumerable<string> RepositoriesAsync(string? registry, string begin, CommandLine line, CancellationToken cancellationToken) =>
        ListAsync(
            registry, line, client => client.ListRepositoriesAsync(Before(begin), cancellationToken), name => name.StartsWith(begin, StringComparison.Ordinal), cancellationToken);

    /// <summary>The tags of a repository.</summary>
    public static IAsyncEnumerable<string> TagsAsync(string? registry, RepositoryName repository, CommandLine line, CancellationToken cancellationToken) =>
        ListAsync(registry, line, client => client.ListTagsAsync(repository, cancellationToken: cancellationToken), _ => true, cancellationToken);

    /// <summary>In every order that registries have, a name stands behind its own beginning: the list need not be read from its start.</summary>
    private static string? Before(string begin) => begin.Length > 1 ? begin[..^1] : null;

    private static async IAsyncEnumerable<string> ListAsync<T>(
        string? registry, CommandLine line, Func<RegistryClient, IAsyncEnumerable<T>> list, Predicate<string> isWanted, [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : notnull
    {
        var candidates = registry is null || line.NamesFolder ? line.Registries : [registry];
        if (candidates.Count != 1 || !RegistryAddress.TryParse(candidates[0], out var address, out _))
            yield break;
        var connected = ConnectionTable.Find(address);
        using var own = connected is null ? Open(address, line) : null;
        await foreach (var name in list(connected ?? own!).WithCancellation(cancellationToken))
        {
            if (name.ToString() is { } text && isWanted(text))
                yield return text;
        }
    }

    /// <summary>With logins that stand in files: a helper program might ask its user something.</summary>
    private static RegistryClient Open(RegistryAddress address, CommandLine line) => new(address, new RegistryClientOptions
    {
        Logins = CredentialStore.OfUser().WithoutHelpers(),
        SkipCertificateCheck = line.SkipsCertificateCheck,
    });
}
