namespace PSRegistry.Oci;

/// <summary>A set of repositories: a data folder, a bucket, or a server on the far end of HTTP.</summary>
public interface IRegistry
{
    /// <summary>The repository of that name, whether it exists or not; costs nothing.</summary>
    IRepository GetRepository(RepositoryName name);

    /// <summary>
    /// The repositories that exist, in the registry's own order, which never changes between calls.
    /// </summary>
    /// <param name="after">Begin behind this name, which need not exist; null for the first.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    IAsyncEnumerable<RepositoryName> ListRepositoriesAsync(string? after = null, CancellationToken cancellationToken = default);
}
