using PSRegistry.Oci;

namespace PSRegistry.Client;

/// <summary>Manifests by tag or digest, as they come: whole, of a sane length, and what their digest says.</summary>
internal sealed class RemoteManifests(RepositoryName name, RegistryTransport transport)
{
    /// <summary>Every type there is: a registry that is not asked for one answers with another, or with a translation of its own.</summary>
    private const string AnyManifest =
        $"{MediaTypes.OciIndex}, {MediaTypes.OciManifest}, {MediaTypes.DockerManifestList}, {MediaTypes.DockerManifest}, */*;q=0.1";

    /// <summary>The manifest; null when it is not there.</summary>
    /// <param name="reference">A tag or digest.</param>
    /// <param name="digest">The digest, where that is the reference.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public ValueTask<StoredManifest?> GetAsync(string reference, Digest? digest, CancellationToken cancellationToken) => transport.FindAsync(
        CallOf(HttpMethod.Get, reference), AskedOf(reference), (answer, token) => ReadAsync(answer, reference, digest, token), cancellationToken);

    /// <summary>What it is, by HEAD; by GET from a registry that leaves out what matters.</summary>
    public async ValueTask<Descriptor?> DescribeAsync(string reference, Digest? digest, CancellationToken cancellationToken)
    {
        var (found, described) = await HeadAsync(reference, digest, cancellationToken);
        if (!found || described is not null)
            return described;
        var manifest = await GetAsync(reference, digest, cancellationToken);
        return manifest is null ? null : new Descriptor(manifest.MediaType, manifest.Digest, manifest.Content.Length);
    }

    /// <summary>The URL of a manifest.</summary>
    public Uri UriOf(string reference) => transport.UriOf($"v2/{name}/manifests/{reference}");

    /// <summary>The words for it.</summary>
    public string Words(string reference) => $"the manifest {reference} of {name}";

    private Call CallOf(HttpMethod method, string reference) => new(method, UriOf(reference)) { Accept = AnyManifest };

    private Asked AskedOf(string reference) => Asked.Read(name, Words(reference));

    private async ValueTask<(bool Found, Descriptor? Described)> HeadAsync(string reference, Digest? digest, CancellationToken cancellationToken)
    {
        try
        {
            return await transport.FindAsync(
                CallOf(HttpMethod.Head, reference),
                AskedOf(reference),
                (answer, _) => ValueTask.FromResult((true, Describe(answer, digest))),
                cancellationToken);
        }
        catch (RegistryRequestException fault) when (fault.Status is 400 or 405)
        {
            // There are registries that know no HEAD; the GET tells better than its answer.
            return (true, null);
        }
    }

    private static Descriptor? Describe(Answer answer, Digest? digest) =>
        answer is { MediaType: { } type, Length: { } length } && (digest ?? answer.ContentDigest) is { } named
            ? new Descriptor(type, named, length)
            : null;

    private async ValueTask<StoredManifest?> ReadAsync(Answer answer, string reference, Digest? digest, CancellationToken cancellationToken)
    {
        var who = transport.Faults.Who(answer.Uri);
        var content = await answer.ReadAllAsync(Manifest.MaxSize, cancellationToken)
            ?? throw transport.Faults.New(RegistryFailure.ProtocolFault, answer, $"{who} sends more for {Words(reference)} than the 4 MiB that a manifest may have.");
        var type = ManifestType.Sniff(content);
        if (type == MediaTypes.DockerSchema1 || answer.MediaType == MediaTypes.DockerSchema1)
            throw transport.Faults.New(RegistryFailure.Unsupported, answer, $"{who} has {Words(reference)} in schema 1 only, which is no longer supported.");
        if (type == MediaTypes.OctetStream)
            throw transport.Refusals.NotARegistry(answer);
        var expected = digest ?? answer.ContentDigest;
        var actual = (expected?.Algorithm ?? DigestAlgorithm.Sha256).Compute(content);
        if (expected is not null && actual != expected)
        {
            var message = $"{who} sends something else for {Words(reference)}: expected {expected}, got {actual}.";
            throw transport.Faults.New(RegistryFailure.DigestMismatch, answer, message);
        }
        return new StoredManifest(actual, type, content);
    }
}
