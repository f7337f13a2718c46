using System.Runtime.CompilerServices;
using PSRegistry.Oci;

namespace PSRegistry.Client;

/// <summary>
/// One repository of a registry on the far end of HTTP. What is not there is null or false, as everywhere; what the registry refuses, or
/// does not offer, is a <see cref="RegistryRequestException"/>.
/// </summary>
public sealed class RemoteRepository : IRepository
{
    private readonly RegistryTransport _transport;
    private readonly RemoteManifests _manifests;
    private readonly RemoteReferrers _referrers;

    internal RemoteRepository(RegistryClient registry, RepositoryName name, RegistryTransport transport)
    {
        Registry = registry;
        Name = name;
        _transport = transport;
        _manifests = new RemoteManifests(name, transport);
        _referrers = new RemoteReferrers(name, transport, _manifests);
        Manifests = new RemoteManifestStore(name, transport, _manifests, _referrers);
        Tags = new RemoteTagStore(registry, name, transport, _manifests);
        Uploads = new RemoteUploadStore(name, transport);
        Blobs = new RemoteBlobStore(name, transport);
    }

    /// <summary>The registry that it belongs to.</summary>
    public RegistryClient Registry { get; }

    /// <inheritdoc/>
    public RepositoryName Name { get; }

    /// <summary>The blobs; what is opened is checked against its digest as it is read.</summary>
    public IBlobStore Blobs { get; }

    /// <summary>The manifests. A registry does not list them: <see cref="IManifestStore.ListAsync"/> is refused as unsupported.</summary>
    public IManifestStore Manifests { get; }

    /// <inheritdoc/>
    public ITagStore Tags { get; }

    /// <inheritdoc/>
    public IUploadStore Uploads { get; }

    /// <summary>The manifest that a tag names, in one request; null when there is no such tag.</summary>
    /// <exception cref="RegistryRequestException">The registry does not answer, or not with a manifest.</exception>
    public ValueTask<StoredManifest?> GetManifestAsync(Tag tag, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(tag);
        return _manifests.GetAsync(tag.ToString(), digest: null, cancellationToken);
    }

    /// <summary>Type, digest and size of the manifest that a tag names, without fetching it where the registry tells; null when there is no such tag.</summary>
    /// <exception cref="RegistryRequestException">The registry does not answer as a registry.</exception>
    public ValueTask<Descriptor?> DescribeAsync(Tag tag, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(tag);
        return _manifests.DescribeAsync(tag.ToString(), digest: null, cancellationToken);
    }

    /// <summary>Type, digest and size of a manifest, without fetching it where the registry tells; null when it is not there.</summary>
    /// <exception cref="RegistryRequestException">The registry does not answer as a registry.</exception>
    public ValueTask<Descriptor?> DescribeAsync(Digest digest, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(digest);
        return _manifests.DescribeAsync(digest.ToString(), digest, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> ExistsAsync(CancellationToken cancellationToken = default) => await _transport.FindAsync(
        Call.Get(_transport.UriOf($"v2/{Name}/tags/list?n=1")), Asked.Tags(Name), static (_, _) => ValueTask.FromResult(true), cancellationToken);

    /// <inheritdoc/>
    public async IAsyncEnumerable<Descriptor> ListReferrersAsync(Digest subject, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(subject);
        foreach (var referrer in await _referrers.ListAsync(subject, cancellationToken))
            yield return referrer;
    }

    /// <summary><c>registry/repository</c>.</summary>
    public override string ToString() => $"{Registry.Address}/{Name}";
}
