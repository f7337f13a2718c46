using System.Runtime.CompilerServices;
using PSRegistry.Client;
using PSRegistry.Errors;
using PSRegistry.Oci;
using PSRegistry.Output;
using PSRegistry.Storage;

namespace PSRegistry.Places;

/// <summary>Where images are: a registry on the far end of HTTP, or a data folder without a server. To the cmdlets both are the same interfaces.</summary>
internal sealed class RegistryPlace
{
    private readonly IRegistry _registry;

    /// <summary>A registry.</summary>
    public RegistryPlace(RegistryClient client)
    {
        _registry = client;
        Name = client.Address.Shortest();
        Title = client.Address.Authority;
    }

    /// <summary>A data folder.</summary>
    /// <param name="folder">Its full path.</param>
    /// <param name="storage">What is in it.</param>
    public RegistryPlace(string folder, StorageRegistry storage)
    {
        _registry = storage;
        Name = Title = folder;
    }

    /// <summary>What objects carry as their registry, and what leads here again: an address, or the full path of a folder.</summary>
    public string Name { get; }

    /// <summary>What names of images begin with, in messages.</summary>
    public string Title { get; }

    /// <summary>Whether it is a data folder.</summary>
    public bool IsFolder => _registry is StorageRegistry;

    /// <summary>The repository of that name, whether it exists or not.</summary>
    public IRepository GetRepository(RepositoryName name) => _registry.GetRepository(name);

    /// <summary>The repositories, in the order of the place.</summary>
    public IAsyncEnumerable<RepositoryName> ListRepositoriesAsync(CancellationToken cancellationToken) =>
        _registry.ListRepositoriesAsync(cancellationToken: cancellationToken);

    /// <summary>The tags of a repository.</summary>
    /// <exception cref="RegistryRequestException">A registry does not have it, or does not answer.</exception>
    /// <exception cref="RepositoryNotFoundException">A folder does not have it.</exception>
    public IAsyncEnumerable<Tag> ListTagsAsync(RepositoryName name, CancellationToken cancellationToken) =>
        _registry is RegistryClient client ? client.ListTagsAsync(name, cancellationToken: cancellationToken) : ListStoredTagsAsync(name, cancellationToken);

    /// <summary>
    /// The tags of a repository that the place itself listed. One without tags is in the catalog, and yet some registries have no list of tags
    /// for it: that is no failure, and neither is one that went meanwhile.
    /// </summary>
    public IAsyncEnumerable<Tag> ListTagsOfListedAsync(RepositoryName name, CancellationToken cancellationToken) =>
        GetRepository(name).Tags.ListAsync(cancellationToken: cancellationToken);

    /// <summary><see cref="Title"/>.</summary>
    public override string ToString() => Title;

    private async IAsyncEnumerable<Tag> ListStoredTagsAsync(RepositoryName name, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var repository = GetRepository(name);
        if (!await repository.ExistsAsync(cancellationToken))
            throw new RepositoryNotFoundException(this, name);
        await foreach (var tag in repository.Tags.ListAsync(cancellationToken: cancellationToken))
            yield return tag;
    }
}
