using System.Diagnostics.CodeAnalysis;
using PSRegistry.Oci;

namespace PSRegistry.Commands;

/// <summary>What the words of a command name, before it is known where that is.</summary>
/// <param name="Registry">The registry that the name itself begins with; null for none.</param>
/// <param name="Repository">The repository.</param>
/// <param name="Tag">The tag; null when none was said.</param>
/// <param name="Digest">The digest; null when none was said.</param>
internal sealed record NamedImage(string? Registry, RepositoryName Repository, Tag? Tag, Digest? Digest)
{
    /// <summary>Parses an image as docker names it.</summary>
    /// <param name="text">The text.</param>
    /// <param name="isWhole">
    /// Whether all of it is the name inside a place that is known already: a mirror may well hold a repository docker.io/library/nginx.
    /// </param>
    /// <param name="image">The image.</param>
    public static bool TryParse(string text, bool isWhole, [NotNullWhen(true)] out NamedImage? image)
    {
        image = null;
        if (!ImageReference.TryParse(text, out var reference))
            return false;
        if (!isWhole || reference.Registry is null)
            image = new NamedImage(reference.Registry, reference.Repository, reference.Tag, reference.Digest);
        else if (RepositoryName.TryParse($"{reference.Registry}/{reference.Repository}", out var repository))
            image = new NamedImage(null, repository, reference.Tag, reference.Digest);
        return image is not null;
    }

    /// <summary>Takes the registry off a name that begins with one, by docker's rule: its first part has a dot or a colon, or is localhost.</summary>
    public static (string? Registry, string Repository) SplitRegistry(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var first = slash < 0 ? "" : text[..slash];
        return first.AsSpan().ContainsAny('.', ':') || first == "localhost" ? (first, text[(slash + 1)..]) : (null, text);
    }
}
