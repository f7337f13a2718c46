using System.Management.Automation;
using System.Runtime.CompilerServices;
using PSRegistry.Completion;
using PSRegistry.Errors;
using PSRegistry.Oci;
using PSRegistry.Output;
using PSRegistry.Places;

namespace PSRegistry.Commands;

/// <summary>
/// Lists the tags of repositories, as they arrive. Get-RegistryCatalog | Get-RegistryTag lists all of a registry: several requests are
/// in flight at a time, and the order stays that of the repositories.
/// </summary>
/// <example>
/// <code>Get-RegistryTag registry.local:5000/team/app</code>
/// <para>Lists the tags of a repository.</para>
/// </example>
/// <example>
/// <code>Get-RegistryTag team/* -Registry registry.local:5000 -Tag v1*</code>
/// <para>Lists the tags that begin with v1, of every repository of a team.</para>
/// </example>
/// <example>
/// <code>Get-RegistryTag registry.local:5000/team/app -Filter 1.* -Detailed | Where-Object Created -LT (Get-Date).AddYears(-1)</code>
/// <para>Finds the tags whose images are older than a year.</para>
/// </example>
/// <example>
/// <code>Get-RegistryCatalog -Registry registry.local:5000 | Get-RegistryTag | ForEach-Object { "$_" }</code>
/// <para>Lists every image of a registry as text, one docker name a line.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "RegistryTag")]
[OutputType(typeof(RegistryTag), typeof(RegistryTagDetail))]
public sealed class GetRegistryTagCommand : RegistryListCommand
{
    /// <summary>
    /// The repository, such as nginx or registry.example/team/app. With wildcards (team/*), every repository of the registry's catalog
    /// that matches.
    /// </summary>
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RepositoryPathCompleter))]
    public string Repository { get; set; } = "";

    /// <summary>Only the tags that match, such as 1.*. Letter case counts. Default: all.</summary>
    [Parameter(Position = 1)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(TagCompleter))]
    public string[]? Tag { get; set; }

    /// <summary>
    /// The registry: host, host:port or URL. http only for this machine, or where the URL says so. Default: the one that Connect-Registry
    /// named, else the server of this session, else localhost:5000.
    /// </summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RegistryCompleter))]
    public string? Registry { get; set; }

    /// <summary>
    /// A data folder to list in place of a registry, without a server: the folder that holds docker/registry/v2. What is listed carries its
    /// path as Registry, so that the rest of the pipeline stays in it.
    /// </summary>
    [Parameter]
    [Alias("Path")]
    [ValidateNotNullOrEmpty]
    public string? DataPath { get; set; }

    /// <summary>
    /// Adds what each tag names: digest, type, size, platforms, and when it was made. It takes two requests for a tag, and one more for each
    /// platform of an index.
    /// </summary>
    [Parameter]
    public SwitchParameter Detailed { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        // Who says where it is by itself does not mean a part of the name.
        var (registry, repository) = Registry is null && DataPath is null ? NamedImage.SplitRegistry(Repository) : (null, Repository);
        if (ResolvePlace(registry ?? Registry, DataPath) is not { } place)
            return;
        if (WildcardPattern.ContainsWildcardCharacters(repository))
            RequestMatching(place, NamePatterns.Of([repository]));
        else if (RepositoryName.TryParse(repository, out var name))
            Request(place, name, place.ListTagsAsync);
        else
            WriteError(RegistryErrors.InvalidRepository(repository));
    }

    private void RequestMatching(RegistryPlace place, NamePatterns patterns)
    {
        try
        {
            foreach (var name in place.ListRepositoriesAsync(Stop).ToBlockingEnumerable(Stop))
            {
                if (patterns.Match(name.ToString()))
                    Request(place, name, place.ListTagsOfListedAsync);
            }
        }
        catch (Exception failure) when (RegistryErrors.IsExpected(failure))
        {
            WriteFailure(failure, place.Name);
        }
    }

    private void Request(RegistryPlace place, RepositoryName name, Func<RepositoryName, CancellationToken, IAsyncEnumerable<Oci.Tag>> list) =>
        Request($"{place}/{name}", List(place, name, token => list(name, token)));

    private IAsyncEnumerable<object> List(RegistryPlace place, RepositoryName name, Func<CancellationToken, IAsyncEnumerable<Oci.Tag>> list)
    {
        var tags = ListAsync(place, name, list, NamePatterns.Of(Tag, Filter));
        var repository = place.GetRepository(name);
        return Detailed ? Detail(tags, found => found.ToString(), async (found, token) => await TagInspection.InspectAsync(Target(found), token)) : tags;

        ImageTarget Target(RegistryTag found) => new(place, repository, Oci.Tag.Parse(found.Tag), null);
    }

    private static async IAsyncEnumerable<RegistryTag> ListAsync(
        RegistryPlace place, RepositoryName repository, Func<CancellationToken, IAsyncEnumerable<Oci.Tag>> list, NamePatterns patterns,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var tag in list(cancellationToken))
        {
            if (patterns.Match(tag.ToString()))
                yield return new RegistryTag(place.Name, repository.ToString(), tag.ToString());
        }
    }
}
