using System.Runtime.CompilerServices;
using PSRegistry.Oci;

namespace PSRegistry.Client;

/// <summary>A registry on the far end of HTTP. One client holds one pool of connections; it is safe for use from many threads.</summary>
public sealed class RegistryClient : IDisposable
{
    /// <summary>A client of the registry at <paramref name="address"/>. Nothing is sent yet.</summary>
    public RegistryClient(RegistryAddress address, RegistryClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(options);
        Address = address;
    }

    /// <summary>Where the registry is.</summary>
    public RegistryAddress Address { get; }

    /// <summary>Asks whether a registry answers there and lets us in.</summary>
    /// <exception cref="RegistryRequestException">It does not.</exception>
    public ValueTask PingAsync(CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>The repositories of the registry's catalog, page by page, in its own order.</summary>
    /// <param name="after">Begin behind this name; null for the first.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    /// <exception cref="RegistryRequestException">A page cannot be had; those before it were handed out.</exception>
    public async IAsyncEnumerable<RepositoryName> ListRepositoriesAsync(
        string? after = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await PingAsync(cancellationToken);
        yield break;
    }

    /// <summary>The tags of a repository, page by page, in the registry's order.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="after">Begin behind this tag, which need not exist; null for the first.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    /// <exception cref="RegistryRequestException">A page cannot be had; those before it were handed out.</exception>
    public async IAsyncEnumerable<Tag> ListTagsAsync(
        RepositoryName repository, string? after = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await PingAsync(cancellationToken);
        yield break;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
