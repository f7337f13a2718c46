using System.Management.Automation;
using PSRegistry.Oci;
using PSRegistry.Places;

namespace PSRegistry.Commands;

/// <summary>Images by patterns for their repository and their tag.</summary>
internal static class MatchingImages
{
    /// <summary>The images that match, in the order of the place.</summary>
    /// <param name="place">Where they are.</param>
    /// <param name="repository">A pattern, or the name of a repository, which must then be there.</param>
    /// <param name="tag">A pattern.</param>
    /// <param name="stop">Ends the listing.</param>
    /// <returns>Null when the repository is neither a pattern nor a name.</returns>
    public static IEnumerable<ImageTarget>? In(RegistryPlace place, string repository, string tag, CancellationToken stop)
    {
        var tags = NamePatterns.Of([tag]);
        if (!WildcardPattern.ContainsWildcardCharacters(repository))
            return RepositoryName.TryParse(repository, out var one) ? Matching(place, one, place.ListTagsAsync(one, stop), tags, stop) : null;
        var repositories = NamePatterns.Of([repository]);
        return from name in place.ListRepositoriesAsync(stop).ToBlockingEnumerable(stop)
               where repositories.Match(name.ToString())
               from image in Matching(place, name, place.ListTagsOfListedAsync(name, stop), tags, stop)
               select image;
    }

    private static IEnumerable<ImageTarget> Matching(
        RegistryPlace place, RepositoryName name, IAsyncEnumerable<Tag> listed, NamePatterns tags, CancellationToken stop) =>
        from tag in listed.ToBlockingEnumerable(stop)
        where tags.Match(tag.ToString())
        select new ImageTarget(place, place.GetRepository(name), tag, null);
}
