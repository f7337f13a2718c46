using PSRegistry.Oci;

namespace PSRegistry.Client;

/// <summary>
/// Finds out what a registry offers by asking for little of it. What is refused for want of rights, or fails, is unknown and not missing.
/// </summary>
internal sealed class AbilitySurvey(RegistryTransport transport)
{
    private const int FewRepositories = 3;

    /// <summary>No content has it: whoever found some would have broken the algorithm.</summary>
    private static readonly Digest NoContent = Digest.Parse("sha256:" + new string('0', 64));

    /// <summary>A name of its own for each survey, which no repository has.</summary>
    private readonly RepositoryName _nowhere = RepositoryName.Parse($"psregistry-survey/{Guid.NewGuid():n}");

    public async ValueTask<RegistryAbilities> SurveyAsync(RepositoryName? repository, bool probesDelete, CancellationToken cancellationToken)
    {
        var (hasCatalog, catalog) = await PageAsync<RepositoryName>("repositories", $"v2/_catalog?n={FewRepositories}", Asked.Catalog, cancellationToken);
        var repositories = repository is not null ? [repository] : catalog?.Names.Take(FewRepositories).ToList() ?? [];
        return new RegistryAbilities
        {
            Catalog = hasCatalog,
            CatalogPaging = IsPaged(catalog, FewRepositories),
            TagPaging = await PagesTagsAsync(repositories, cancellationToken),
            Referrers = await ListsReferrersAsync(repositories.FirstOrDefault(), cancellationToken),
            Delete = probesDelete ? await DeletesAsync(cancellationToken) : null,
        };
    }

    private async ValueTask<bool?> PagesTagsAsync(IReadOnlyList<RepositoryName> repositories, CancellationToken cancellationToken)
    {
        foreach (var name in repositories)
        {
            var (_, tags) = await PageAsync<Tag>("tags", $"v2/{name}/tags/list?n=1", Asked.Tags(name), cancellationToken);
            if (IsPaged(tags, 1) is { } isPaged)
                return isPaged;
        }
        return null;
    }

    /// <summary>Who was asked for few and sent more knows no pages; who sent few may just have no more.</summary>
    private static bool? IsPaged<T>(NamePage<T>? page, int asked)
        where T : ISpanParsable<T> => page switch
        {
            null => null,
            { Names.Count: var count } when count > asked => false,
            { Link: not null } => true,
            _ => null,
        };

    private async ValueTask<(bool? IsThere, NamePage<T>? Page)> PageAsync<T>(string property, string path, Asked asked, CancellationToken cancellationToken)
        where T : ISpanParsable<T>
    {
        try
        {
            return (true, await transport.SendAsync(
                Call.Get(transport.UriOf(path)), asked, (answer, token) => NamePage<T>.ReadAsync(property, answer, transport, token), cancellationToken));
        }
        catch (RegistryRequestException fault)
        {
            return (IsMissing(fault) ? false : null, null);
        }
    }

    /// <summary>
    /// A registry that has the list answers 200 for a repository that is there, whatever the digest. Of one that is not, only the list itself
    /// tells something.
    /// </summary>
    private async ValueTask<bool?> ListsReferrersAsync(RepositoryName? repository, CancellationToken cancellationToken)
    {
        var name = repository ?? _nowhere;
        try
        {
            return await transport.SendAsync(
                Call.Get(transport.UriOf($"v2/{name}/referrers/{NoContent}")) with { Accept = MediaTypes.OciIndex },
                Asked.Read(name, "referrers"),
                static (answer, _) => ValueTask.FromResult(answer.MediaType == MediaTypes.OciIndex),
                cancellationToken);
        }
        catch (RegistryRequestException fault)
        {
            return repository is not null && (IsMissing(fault) || fault.Status == 400) ? false : null;
        }
    }

    /// <summary>
    /// Asks to delete what cannot exist from where nothing can be. A registry that then looks for the manifest would have deleted it; one that
    /// stops before, at the rights or the name, leaves it open.
    /// </summary>
    private async ValueTask<bool?> DeletesAsync(CancellationToken cancellationToken)
    {
        var call = new Call(HttpMethod.Delete, transport.UriOf($"v2/{_nowhere}/manifests/{NoContent}")) { Repeat = Repeat.WhenRefused };
        try
        {
            return await transport.SendAsync(call, Asked.Delete(_nowhere, "manifests"), static (_, _) => ValueTask.FromResult(true), cancellationToken);
        }
        catch (RegistryRequestException fault)
        {
            return fault.Failure == RegistryFailure.Unsupported ? false
                : fault.Errors.Any(error => error.Code == ErrorCode.ManifestUnknown) ? true
                : null;
        }
    }

    private static bool IsMissing(RegistryRequestException fault) =>
        fault.Failure is RegistryFailure.NotFound or RegistryFailure.Unsupported || fault is { Failure: RegistryFailure.NotARegistry, Status: 404 };
}
