using System.Collections.Concurrent;
using PSRegistry.Oci;

namespace PSRegistry.Client;

/// <summary>
/// What else falls when a manifest is removed from a repository, and what goes on needing it. Finding it out reads every tagged manifest
/// of the repository once.
/// </summary>
public sealed record RemovalPlan
{
    /// <summary>The manifest to remove.</summary>
    public required Digest Digest { get; init; }

    /// <summary>Every tag that names it: they all go with it.</summary>
    public required IReadOnlyList<Tag> Tags { get; init; }

    /// <summary>The indexes that list it, and lose an image.</summary>
    public required IReadOnlyList<Digest> Parents { get; init; }

    /// <summary>What refers to it: signatures, attestations, bills of materials.</summary>
    public required IReadOnlyList<Descriptor> Referrers { get; init; }

    /// <summary>The manifests that it lists itself, when it is an index.</summary>
    public required IReadOnlyList<Descriptor> Children { get; init; }

    /// <summary>Children and referrers that nothing else in the repository needs.</summary>
    public required IReadOnlyList<Digest> Orphans { get; init; }

    /// <summary>What a garbage collection can give back once it is gone with its orphans, in bytes: content that no other tag reaches.</summary>
    public required long FreedBytes { get; init; }

    /// <summary>Surveys a repository.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="digest">The manifest to remove.</param>
    /// <param name="parallel">How many requests may be in flight.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<RemovalPlan> SurveyAsync(IRepository repository, Digest digest, int parallel, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(repository);
        ArgumentNullException.ThrowIfNull(digest);
        var options = new ParallelOptions { MaxDegreeOfParallelism = parallel, CancellationToken = cancellationToken };
        var tagged = new ConcurrentDictionary<Tag, Digest>();
        await Parallel.ForEachAsync(repository.Tags.ListAsync(null, cancellationToken), options, async (tag, stop) =>
        {
            if (await repository.Tags.ResolveAsync(tag, stop) is { } named)
                tagged[tag] = named;
        });

        var others = new ManifestGraph(repository);
        await Parallel.ForEachAsync(tagged.Values.Where(named => named != digest).Distinct(), options, async (named, stop) => await others.AddAsync(named, stop));
        var own = new ManifestGraph(repository);
        await own.AddAsync(digest, cancellationToken);
        var referrers = new List<Descriptor>();
        await foreach (var referrer in repository.ListReferrersAsync(digest, cancellationToken))
            referrers.Add(referrer);
        foreach (var referrer in referrers.Where(referrer => !others.Reaches(referrer.Digest)))
            await own.AddAsync(referrer.Digest, cancellationToken);

        var children = own.Find(digest)?.Manifests ?? [];
        return new RemovalPlan
        {
            Digest = digest,
            Tags = [.. tagged.Where(tag => tag.Value == digest).Select(tag => tag.Key).OrderBy(tag => tag.ToString(), StringComparer.Ordinal)],
            Parents = [.. others.ParentsOf(digest)],
            Referrers = referrers,
            Children = children,
            Orphans = [.. children.Concat(referrers).Select(descriptor => descriptor.Digest).Distinct().Where(orphan => !others.Reaches(orphan) && own.Find(orphan) is not null)],
            FreedBytes = own.Content.Where(content => !others.Reaches(content.Key)).Sum(content => content.Value),
        };
    }
}
