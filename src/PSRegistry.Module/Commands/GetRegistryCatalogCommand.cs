using System.Management.Automation;
using System.Runtime.CompilerServices;
using PSRegistry.Client;
using PSRegistry.Completion;
using PSRegistry.Oci;
using PSRegistry.Output;

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
            if (ResolveRegistry(registry) is { } address)
                Request(address.Shortest(), List(ClientOf(address)));
        }
    }

    private IAsyncEnumerable<object> List(RegistryClient client)
    {
        var repositories = ListAsync(client, NamePatterns.Of(Repository, Filter));
        return Detailed ? Detail(repositories, found => found, (found, token) => CountAsync(client, found, token)) : repositories;
    }

    private static async Task<object> CountAsync(RegistryClient client, RegistryRepository found, CancellationToken cancellationToken)
    {
        var tags = 0;
        // A repository without tags is listed, and yet has no list of tags to some registries: that is no failure here.
        await foreach (var tag in client.GetRepository(RepositoryName.Parse(found.Repository)).Tags.ListAsync(cancellationToken: cancellationToken))
            tags++;
        return new RegistryRepositoryDetail(found.Registry, found.Repository, tags);
    }

    private static async IAsyncEnumerable<RegistryRepository> ListAsync(
        RegistryClient client, NamePatterns patterns, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var registry = client.Address.Shortest();
        await foreach (var name in client.ListRepositoriesAsync(cancellationToken: cancellationToken))
        {
            if (patterns.Match(name.ToString()))
                yield return new RegistryRepository(registry, name.ToString());
        }
    }
}
