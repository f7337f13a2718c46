using System.Runtime.CompilerServices;
using PSRegistry.Commands;

namespace PSRegistry.Completion;

/// <summary>Completes <c>[registry/]repository</c>: a registry that is known, and then what it lists.</summary>
internal class RepositoryPathCompleter : NameCompleter
{
    protected sealed override async IAsyncEnumerable<Proposal> ProposeAsync(string word, CommandLine line, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!word.Contains('/', StringComparison.Ordinal) && !line.NamesRegistry && !line.NamesFolder)
        {
            await foreach (var known in KnownRegistries.ListAsync(line.Session, cancellationToken))
            {
                // What docker's rule takes for a registry; the others are for -Registry alone.
                if (NamedImage.SplitRegistry(known.Text + "/").Registry == known.Text)
                    yield return known with { Text = known.Text + "/" };
            }
        }
        await foreach (var proposal in NamesAsync(word, line, cancellationToken))
            yield return proposal;
    }

    /// <summary>Whether a word is the name of a repository as a whole, because the line says elsewhere where it is.</summary>
    protected virtual bool IsWhole(CommandLine line) => line.NamesRegistry || line.NamesFolder;

    /// <summary>What the registry lists.</summary>
    protected virtual async IAsyncEnumerable<Proposal> NamesAsync(string word, CommandLine line, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (registry, begin) = IsWhole(line) ? (null, word) : NamedImage.SplitRegistry(word);
        await foreach (var name in LiveNames.RepositoriesAsync(registry, begin, line, cancellationToken))
            yield return new Proposal(registry is null ? name : $"{registry}/{name}", "repository");
    }
}
