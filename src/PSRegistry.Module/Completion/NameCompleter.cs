using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace PSRegistry.Completion;

/// <summary>Completes an argument with names that are looked up while its user waits: never for long, never with a question or an error.</summary>
internal abstract class NameCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var word = (wordToComplete ?? "").Trim('\'', '"');
        var line = new CommandLine(fakeBoundParameters);
        return Patience.Collect(token => ProposeAsync(word, line, token), proposal => proposal.Text.StartsWith(word, StringComparison.OrdinalIgnoreCase))
            .DistinctBy(proposal => proposal.Text)
            .Select(proposal => new CompletionResult(proposal.Text, proposal.Text, CompletionResultType.ParameterValue, proposal.ToolTip))
            .ToList();
    }

    /// <summary>The proposals for a word, those that do not begin with it included.</summary>
    protected abstract IAsyncEnumerable<Proposal> ProposeAsync(string word, CommandLine line, CancellationToken cancellationToken);
}
