using System.Management.Automation;
using System.Runtime.CompilerServices;
using PSRegistry.Completion;
using PSRegistry.Oci;
using PSRegistry.Output;
using PSRegistry.Places;

namespace PSRegistry.Commands;

/// <summary>Lists the repositories of a registry, as they arrive page by page.</summary>
/// <example>
/// <code>Get-RegistryCatalog</code>
/// <para>Lists the repositories of this session's server, or of the one registry that it is connected to.</para>
/// </example>
/// <example>
/// <code>Get-RegistryCatalog -Registry registry.local:5000 -Repository team/*</code>
/// <para>Lists the repositories of a team.</para>
/// </example>
/// <example>
/// <code>Get-RegistryCatalog -Registry registry.local:5000 -Filter *app -Detailed | Where-Object TagCount -GT 20</code>
/// <para>Finds repositories with more than twenty tags.</para>
/// </example>
/// <example>
/// <code>Get-RegistryCatalog -Registry registry.local:5000 | Get-RegistryTag</code>
/// <para>Lists every image of a registry.</para>
/// </example>
/// <example>
/// <code>Get-RegistryCatalog -DataPath ./registry | Get-RegistryTag</code>
/// <para>Lists every image in a data folder; no server need run.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "RegistryCatalog")]
[OutputType(typeof(RegistryRepository), typeof(RegistryRepositoryDetail))]
public sealed class GetRegistryCatalogCommand : RegistryListCommand
{
    /// <summary>Only the repositories whose name matches, such as bitnami/*. Default: all.</summary>
    [Parameter(Position = 0)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RepositoryCompleter))]
    public string[]? Repository { get; set; }

    /// <summary>
    /// The registries: host, host:port or URL. http only for this machine, or where the URL says so. Default: the one that Connect-Registry
    /// named, else the server of this session, else localhost:5000.
    /// </summary>
    [Parameter(ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RegistryCompleter))]
    public string[]? Registry { get; set; }

    /// <summary>
    /// A data folder to list in place of a registry, without a server: the folder that holds docker/registry/v2. What is listed carries its
    /// path as Registry, so that the rest of the pipeline stays in it.
    /// </summary>
    [Parameter]
    [Alias("Path")]
    [ValidateNotNullOrEmpty]
    public string? DataPath { get; set; }

    /// <summary>
    /// Adds how many tags each repository has. It takes a request for each repository that matches, more where tags come in pages. What the
    /// tags are takes requests for each of them: Get-RegistryTag -Detailed.
    /// </summary>
    [Parameter]
    public SwitchParameter Detailed { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        foreach (var registry in Registry ?? [""])
        {
            if (ResolvePlace(registry, DataPath) is { } place)
                Request(place.Name, List(place));
        }
    }

    private IAsyncEnumerable<object> List(RegistryPlace place)
    {
        var repositories = ListAsync(place, NamePatterns.Of(Repository, Filter));
        return Detailed ? Detail(repositories, found => found, (found, token) => CountAsync(place, found, token)) : repositories;
    }

    private static async Task<object> CountAsync(RegistryPlace place, RegistryRepository found, CancellationToken cancellationToken)
    {
        var tags = 0;
        // A repository without tags is listed, and yet has no list of tags to some registries: that is no failure here.
        await foreach (var tag in place.ListTagsOfListedAsync(RepositoryName.Parse(found.Repository), cancellationToken))
            tags++;
        return new RegistryRepositoryDetail(found.Registry, found.Repository, tags);
    }

    private static async IAsyncEnumerable<RegistryRepository> ListAsync(
        RegistryPlace place, NamePatterns patterns, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var name in place.ListRepositoriesAsync(cancellationToken))
        {
            if (patterns.Match(name.ToString()))
                yield return new RegistryRepository(place.Name, name.ToString());
        }
    }
}
