namespace PSRegistry.Completion;

/// <summary>Completes the name of a registry that this session has to do with.</summary>
internal sealed class RegistryCompleter : NameCompleter
{
    protected override IAsyncEnumerable<Proposal> ProposeAsync(string word, CommandLine line, CancellationToken cancellationToken) =>
        KnownRegistries.ListAsync(line.Session, cancellationToken);
}
