using System.Management.Automation;
using PSRegistry.Client;
using PSRegistry.Errors;
using PSRegistry.Oci;

namespace PSRegistry.Commands;

/// <summary>Where an image of an archive goes: a repository, and the tags that it gets there.</summary>
internal sealed record PublishedName(RepositoryName Repository, IReadOnlyList<Tag> Tags)
{
    private const string DockerHub = "docker.io", OfficialImages = "library/";

    /// <summary>
    /// The names that an image gets, by repository: its own without the registry, as docker tag and docker push would leave them, with the
    /// repository or the tags that were said in the place of its own.
    /// </summary>
    /// <param name="image">The image.</param>
    /// <param name="source">Where it lies, for the error.</param>
    /// <param name="repository">The repository that was said; null for its own.</param>
    /// <param name="tags">The tags that were said; empty for its own.</param>
    /// <param name="fault">What is missing; null where nothing is.</param>
    public static IReadOnlyList<PublishedName> Of(ArchivedImage image, string source, RepositoryName? repository, IReadOnlyList<Tag> tags, out ErrorRecord? fault)
    {
        var own = image.Names.Select(name => (Text: name, Parsed: Parse(name))).ToList();
        var isSaid = repository is not null && tags.Count > 0;
        if (!isSaid && own.Find(name => name.Parsed is null).Text is { } invalid)
        {
            fault = ArchiveErrors.InvalidName(invalid, source);
            return [];
        }
        var wanted = own.Select(name => name.Parsed ?? default).DefaultIfEmpty().SelectMany(name => tags.Count > 0
            ? tags.Select(tag => (Repository: repository ?? name.Repository, Tag: (Tag?)tag))
            : [(repository ?? name.Repository, name.Tag)]).ToList();
        fault = wanted.Select(name => Fault(name, image, source)).FirstOrDefault(found => found is not null);
        return fault is null
            ? [.. wanted.GroupBy(name => name.Repository!, name => name.Tag!).Select(group => new PublishedName(group.Key, [.. group.Distinct()]))]
            : [];
    }

    private static ErrorRecord? Fault((RepositoryName? Repository, Tag? Tag) name, ArchivedImage image, string source) => name switch
    {
        { Repository: null, Tag: { } tag } when !image.Names.IsEmpty => ArchiveErrors.NoRepository(tag.ToString(), source),
        { Repository: null } => ArchiveErrors.NoName(image.Id.ToString(), source),
        { Tag: null } => ArchiveErrors.NoTag(name.Repository.ToString(), source),
        _ => null,
    };

    /// <summary>A name as archives have it: an image reference, or in layouts a tag alone.</summary>
    private static (RepositoryName? Repository, Tag? Tag)? Parse(string text)
    {
        if (!text.AsSpan().ContainsAny(':', '/', '@'))
            return Tag.TryParse(text, out var alone) ? (null, alone) : null;
        if (!ImageReference.TryParse(text, out var reference))
            return null;
        var repository = reference.Repository;
        // docker.io/library/nginx is what others write for docker's nginx.
        if (reference.Registry is DockerHub or "index." + DockerHub && repository.ToString().StartsWith(OfficialImages, StringComparison.Ordinal))
            repository = RepositoryName.Parse(repository.ToString()[OfficialImages.Length..]);
        return (repository, reference.Tag ?? (reference.Digest is null ? ImageTarget.Latest : null));
    }
}
