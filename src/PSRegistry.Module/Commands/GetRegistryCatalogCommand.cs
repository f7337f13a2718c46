using System.Management.Automation;
using System.Runtime.CompilerServices;
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
/// <code>Get-RegistryCatalog -Registry registry.local:5000 | Get-RegistryTag</code>
/// <para>Lists every image of a registry.</para>
/// </example>
/// <example>
/// <code>Get-RegistryCatalog -DataPath ./registry | Get-RegistryTag</code>
/// <para>Lists every image in a data folder; no server need run.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "RegistryCatalog")]
[OutputType(typeof(RegistryRepository))]
public sealed class GetRegistryCatalogCommand : RegistryClientCommand
{
    /// <summary>Only the repositories whose name matches, such as bitnami/*. Default: all.</summary>
    [Parameter(Position = 0)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Repository { get; set; }

    /// <summary>
    /// The registries: host, host:port or URL. http only for this machine, or where the URL says so. Default: the one that Connect-Registry
    /// named, else the server of this session, else localhost:5000.
    /// </summary>
    [Parameter(ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string[]? Registry { get; set; }

    /// <summary>
    /// A data folder to list in place of a registry, without a server: the folder that holds docker/registry/v2. What is listed carries its
    /// path as Registry, so that the rest of the pipeline stays in it.
    /// </summary>
    [Parameter]
    [Alias("Path")]
    [ValidateNotNullOrEmpty]
    public string? DataPath { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        foreach (var registry in Registry ?? [""])
        {
            if (ResolvePlace(registry, DataPath) is { } place)
                Request(place.Name, ListAsync(place, NamePatterns.Of(Repository)));
        }
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
