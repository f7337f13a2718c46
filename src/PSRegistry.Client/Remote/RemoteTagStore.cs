using PSRegistry.Oci;

namespace PSRegistry.Client;

/// <summary>The tags of a repository on the far end of HTTP.</summary>
internal sealed class RemoteTagStore(RegistryClient registry, RepositoryName name, RegistryTransport transport, RemoteManifests manifests) : ITagStore
{
    public async ValueTask<Digest?> ResolveAsync(Tag tag, CancellationToken cancellationToken = default) =>
        (await manifests.DescribeAsync(tag.ToString(), digest: null, cancellationToken))?.Digest;

    /// <summary>Registries older than the OCI specification refuse: <see cref="RegistryFailure.Unsupported"/>.</summary>
    public async ValueTask<bool> DeleteAsync(Tag tag, CancellationToken cancellationToken = default)
    {
        var call = new Call(HttpMethod.Delete, manifests.UriOf(tag.ToString())) { Repeat = Repeat.WhenRefused };
        try
        {
            return await transport.FindAsync(
                call, Asked.Delete(name, $"the tag {tag} of {name} alone"), static (_, _) => ValueTask.FromResult(true), cancellationToken);
        }
        // CNCF Distribution 2.8 takes the tag for a digest that it cannot read.
        catch (RegistryRequestException fault) when (fault.Status == 400 && fault.Errors.Any(error => error.Code == ErrorCode.DigestInvalid))
        {
            throw new RegistryRequestException(
                RegistryFailure.Unsupported, $"{fault.Registry} does not offer to delete the tag {tag} of {name} alone; it deletes manifests with all of their tags.", fault)
            {
                Registry = fault.Registry,
                Method = fault.Method,
                RequestUri = fault.RequestUri,
                Status = fault.Status,
                Errors = fault.Errors,
            };
        }
    }

    /// <summary>In the registry's own order, page by page; empty for a repository that is not there.</summary>
    public async IAsyncEnumerable<Tag> ListAsync(
        string? after = null, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await using var tags = registry.ListTagsAsync(name, after, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await NextAsync(tags))
            yield return tags.Current;
    }

    private static async ValueTask<bool> NextAsync(IAsyncEnumerator<Tag> tags)
    {
        try
        {
            return await tags.MoveNextAsync();
        }
        catch (RegistryRequestException fault) when (fault.Failure == RegistryFailure.NotFound)
        {
            return false;
        }
    }
}
