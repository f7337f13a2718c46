using System.Runtime.CompilerServices;
using PSRegistry.Oci;

namespace PSRegistry.Completion;

/// <summary>Completes a tag of the repository that stands on the line.</summary>
internal sealed class TagCompleter : NameCompleter
{
    protected override async IAsyncEnumerable<Proposal> ProposeAsync(string word, CommandLine line, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!ImageReference.TryParse(line.Name, out var image))
            yield break;
        await foreach (var tag in LiveNames.TagsAsync(image.Registry, image.Repository, line, cancellationToken))
            yield return new Proposal(tag, "tag");
    }
}
