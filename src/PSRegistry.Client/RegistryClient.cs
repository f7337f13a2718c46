using System.Runtime.CompilerServices;
using PSRegistry.Oci;

namespace PSRegistry.Client;

/// <summary>A registry on the far end of HTTP. One client holds one pool of connections; it is safe for use from many threads.</summary>
public sealed class RegistryClient : IRegistry, IDisposable
{
    private readonly RegistryTransport _transport;
    private readonly RegistryClientOptions _options;
    private readonly NameList<RepositoryName> _repositories;
    private readonly NameList<Tag> _tags;

    /// <summary>A client of the registry at <paramref name="address"/>. Nothing is sent yet.</summary>
    public RegistryClient(RegistryAddress address, RegistryClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(options);
        Address = address;
        _options = options;
        _transport = new RegistryTransport(address, options);
        _repositories = new NameList<RepositoryName>(_transport, "repositories", options.PageSize);
        _tags = new NameList<Tag>(_transport, "tags", options.PageSize);
    }

    /// <summary>Where the registry is.</summary>
    public RegistryAddress Address { get; }

    /// <summary>Asks whether a registry answers there and lets us in.</summary>
    /// <exception cref="RegistryRequestException">It does not.</exception>
    public ValueTask PingAsync(CancellationToken cancellationToken = default) => _transport.PingAsync(cancellationToken);

    /// <summary>Who it speaks for, as far as is known: the user that was given, or whose login was found kept; null for nobody.</summary>
    public string? User => _transport.Login.Credential?.UserName;

    /// <summary>Whether it has a login, as far as is known.</summary>
    public bool HasLogin => _transport.Login.IsAny;

    /// <summary>Where the login was found: a file or a helper; null when it was given, or none was asked for yet.</summary>
    public string? LoginSource => _transport.Login.Source;

    /// <summary>How the registry answers to somebody who has not logged in. One small request, or two where a login is needed to tell.</summary>
    /// <exception cref="RegistryRequestException">Nothing answers there.</exception>
    public ValueTask<RegistryGreeting> GreetAsync(CancellationToken cancellationToken = default) => new Greeter(_transport).GreetAsync(cancellationToken);

    /// <summary>How long an answer takes, on a connection that stands where one was used before.</summary>
    /// <exception cref="RegistryRequestException">Nothing answers there.</exception>
    public ValueTask<TimeSpan> MeasureLatencyAsync(CancellationToken cancellationToken = default) => new Greeter(_transport).MeasureAsync(cancellationToken);

    /// <summary>What the registry offers, found out by about five small requests. Nothing is changed.</summary>
    /// <param name="repository">A repository to ask about; null for the first of the catalog.</param>
    /// <param name="probesDelete">Whether to ask it to delete a manifest that cannot exist, in a repository that does not: only that tells whether it deletes.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public ValueTask<RegistryAbilities> SurveyAsync(RepositoryName? repository = null, bool probesDelete = false, CancellationToken cancellationToken = default) =>
        new AbilitySurvey(_transport).SurveyAsync(repository, probesDelete, cancellationToken);

    /// <summary>
    /// Goes the way of a push and a pull from the address that clients use, and tells what something in between breaks. What it pushes it
    /// takes away again.
    /// </summary>
    /// <param name="examination">How far it goes.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>One finding for each check, as it is made.</returns>
    public IAsyncEnumerable<DeploymentFinding> ExamineAsync(ExaminationOptions examination, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(examination);
        return new Examination(_transport, _options, examination).RunAsync(cancellationToken);
    }

    /// <summary>The repository of that name, whether it exists or not; nothing is sent.</summary>
    public RemoteRepository GetRepository(RepositoryName name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return new RemoteRepository(this, name, _transport);
    }

    IRepository IRegistry.GetRepository(RepositoryName name) => GetRepository(name);

    /// <summary>The repositories of the registry's catalog, page by page, in its own order.</summary>
    /// <param name="after">Begin behind this name; null for the first.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    /// <exception cref="RegistryRequestException">A page cannot be had; those before it were handed out.</exception>
    public async IAsyncEnumerable<RepositoryName> ListRepositoriesAsync(
        string? after = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var page in _repositories.PagesAsync("v2/_catalog", Asked.Catalog, after, cancellationToken))
        {
            foreach (var name in page)
                yield return name;
        }
    }

    /// <summary>The tags of a repository, page by page, in the registry's order.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="after">Begin behind this tag, which need not exist; null for the first.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    /// <exception cref="RegistryRequestException">A page cannot be had; those before it were handed out.</exception>
    public async IAsyncEnumerable<Tag> ListTagsAsync(
        RepositoryName repository, string? after = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(repository);
        // CNCF Distribution 2.8 knows no paging here: asked for what is behind a tag, it sends the tag and all before it too.
        var ignoresAfter = false;
        await foreach (var page in _tags.PagesAsync($"v2/{repository}/tags/list", Asked.Tags(repository), after, cancellationToken))
        {
            ignoresAfter |= after is not null && page.Any(tag => IsNotAfter(tag, after));
            foreach (var tag in page)
            {
                if (!ignoresAfter || !IsNotAfter(tag, after!))
                    yield return tag;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _transport.Dispose();

    // Lexical order is the bytes' to some and the alphabet's to others; what is behind in either may be one that was asked for.
    private static bool IsNotAfter(Tag tag, string after) =>
        string.CompareOrdinal(tag.ToString(), after) <= 0 && string.Compare(tag.ToString(), after, StringComparison.OrdinalIgnoreCase) <= 0;
}
