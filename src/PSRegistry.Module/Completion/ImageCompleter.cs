using System.Runtime.CompilerServices;
using PSRegistry.Oci;

namespace PSRegistry.Completion;

/// <summary>Completes <c>[registry/]repository:tag</c>.</summary>
internal sealed class ImageCompleter : RepositoryPathCompleter
{
    protected override IAsyncEnumerable<Proposal> NamesAsync(string word, CommandLine line, CancellationToken cancellationToken)
    {
        var colon = word.LastIndexOf(':');
        // The colon of a port stands before a slash, once there is one.
        return colon > word.LastIndexOf('/') && ImageReference.TryParse(word[..colon], out var image)
            ? TagsAsync(word[..(colon + 1)], image, line, cancellationToken)
            : base.NamesAsync(word, line, cancellationToken);
    }

    /// <summary>An image may name its registry again, also beside -Registry.</summary>
    protected override bool IsWhole(CommandLine line) => line.NamesFolder;

    private static async IAsyncEnumerable<Proposal> TagsAsync(
        string path, ImageReference image, CommandLine line, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var tag in LiveNames.TagsAsync(image.Registry, image.Repository, line, cancellationToken))
            yield return new Proposal(path + tag, "tag");
    }
}
