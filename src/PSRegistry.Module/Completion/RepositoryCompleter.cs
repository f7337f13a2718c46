using System.Runtime.CompilerServices;

namespace PSRegistry.Completion;

/// <summary>Completes the name of a repository, from the registry that is named or meant.</summary>
internal sealed class RepositoryCompleter : NameCompleter
{
    protected override async IAsyncEnumerable<Proposal> ProposeAsync(string word, CommandLine line, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var name in LiveNames.RepositoriesAsync(null, word, line, cancellationToken))
            yield return new Proposal(name, "repository");
    }
}
