using System.Management.Automation;
using System.Runtime.CompilerServices;
using PSRegistry.Client;
using PSRegistry.Completion;
using PSRegistry.Errors;
using PSRegistry.Oci;
using PSRegistry.Output;

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
    /// Adds what each tag names: digest, type, size, platforms, and when it was made. It takes two requests for a tag, and one more for each
    /// platform of an index.
    /// </summary>
    [Parameter]
    public SwitchParameter Detailed { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        var (registry, repository) = Split(Repository);
        if (ResolveRegistry(registry ?? Registry) is not { } address)
            return;
        if (WildcardPattern.ContainsWildcardCharacters(repository))
            RequestMatching(address, NamePatterns.Of([repository]));
        else if (RepositoryName.TryParse(repository, out var name))
            Request(address, name);
        else
            WriteError(RegistryErrors.InvalidRepository(repository));
    }

    private void RequestMatching(RegistryAddress address, NamePatterns patterns)
    {
        try
        {
            foreach (var name in ClientOf(address).ListRepositoriesAsync(cancellationToken: Stop).ToBlockingEnumerable(Stop))
            {
                if (patterns.Match(name.ToString()))
                    Request(address, name);
            }
        }
        catch (RegistryRequestException failure)
        {
            WriteFailure(failure, address.Shortest());
        }
    }

    private void Request(RegistryAddress address, RepositoryName name) =>
        Request($"{address.Authority}/{name}", List(ClientOf(address), name));

    private IAsyncEnumerable<object> List(RegistryClient client, RepositoryName name)
    {
        var tags = ListAsync(client, name, NamePatterns.Of(Tag, Filter));
        var repository = client.GetRepository(name);
        return Detailed ? Detail(tags, found => found.ToString(), async (found, token) => await TagInspection.InspectAsync(Target(found), token)) : tags;

        ImageTarget Target(RegistryTag found) => new(repository, Oci.Tag.Parse(found.Tag), null);
    }

    /// <summary>Takes the registry off a name that begins with one, by docker's rule: its first part has a dot or a colon, or is localhost.</summary>
    internal static (string? Registry, string Repository) Split(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var first = slash < 0 ? "" : text[..slash];
        return first.AsSpan().ContainsAny('.', ':') || first == "localhost" ? (first, text[(slash + 1)..]) : (null, text);
    }

    private static async IAsyncEnumerable<RegistryTag> ListAsync(
        RegistryClient client, RepositoryName repository, NamePatterns patterns, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var registry = client.Address.Shortest();
        await foreach (var tag in client.ListTagsAsync(repository, cancellationToken: cancellationToken))
        {
            if (patterns.Match(tag.ToString()))
                yield return new RegistryTag(registry, repository.ToString(), tag.ToString());
        }
    }
}
