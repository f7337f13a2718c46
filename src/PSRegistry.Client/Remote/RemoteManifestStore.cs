using System.Collections.Immutable;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using PSRegistry.Oci;

namespace PSRegistry.Client;

/// <summary>The manifests of a repository on the far end of HTTP.</summary>
internal sealed class RemoteManifestStore(
    RepositoryName name, RegistryTransport transport, RemoteManifests manifests, RemoteReferrers referrers) : IManifestStore
{
    public ValueTask<StoredManifest?> GetAsync(Digest digest, CancellationToken cancellationToken = default) =>
        manifests.GetAsync(digest.ToString(), digest, cancellationToken);

    public async ValueTask<ImmutableArray<RegistryError>> PutAsync(
        Manifest manifest, Digest digest, IReadOnlyList<Tag> tags, CancellationToken cancellationToken = default)
    {
        IEnumerable<string> references = tags.Count == 0 ? [digest.ToString()] : tags.Select(tag => tag.ToString());
        foreach (var reference in references)
        {
            try
            {
                var knowsSubject = await PutAsync(manifest, digest, reference, cancellationToken);
                if (manifest.Subject is { } subject && !knowsSubject)
                    await referrers.AddAsync(subject.Digest, manifest, digest, cancellationToken);
            }
            catch (RegistryRequestException refusal) when (IsAboutManifest(refusal))
            {
                return [.. refusal.Errors];
            }
        }
        return [];
    }

    public ValueTask<bool> DeleteAsync(Digest digest, CancellationToken cancellationToken = default)
    {
        var call = new Call(HttpMethod.Delete, manifests.UriOf(digest.ToString())) { Repeat = Repeat.WhenRefused };
        var asked = Asked.Delete(name, manifests.Words(digest.ToString()));
        return transport.FindAsync(call, asked, static (_, _) => ValueTask.FromResult(true), cancellationToken);
    }

    /// <summary>No registry lists what no tag names, and a list that leaves it out would be none.</summary>
    public async IAsyncEnumerable<Digest> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.CompletedTask;
        cancellationToken.ThrowIfCancellationRequested();
        throw transport.Faults.New(
            RegistryFailure.Unsupported, transport.UriOf($"v2/{name}/"), $"{transport.Faults.Registry} does not list manifests, as no registry does; list the tags of {name} instead.");
#pragma warning disable CS0162 // Makes it an iterator.
        yield break;
#pragma warning restore CS0162
    }

    /// <summary>Whether the registry also noted which manifest this one refers to (OCI distribution spec, <c>OCI-Subject</c>).</summary>
    private async ValueTask<bool> PutAsync(Manifest manifest, Digest digest, string reference, CancellationToken cancellationToken)
    {
        var call = new Call(HttpMethod.Put, manifests.UriOf(reference))
        {
            Body = () => new ReadOnlyMemoryContent(manifest.Content) { Headers = { ContentType = new MediaTypeHeaderValue(manifest.MediaType) } },
        };
        return await transport.SendAsync(call, Asked.Write(name, manifests.Words(reference)), Read, cancellationToken);

        ValueTask<bool> Read(Answer answer, CancellationToken token)
        {
            if (answer.ContentDigest is { } stored && stored.Algorithm == digest.Algorithm && stored != digest)
            {
                var message = $"{transport.Faults.Registry} stored something else than {manifests.Words(reference)}: sent {digest}, stored {stored}.";
                throw transport.Faults.New(RegistryFailure.DigestMismatch, answer, message);
            }
            return ValueTask.FromResult(answer.Header("OCI-Subject") is not null);
        }
    }

    /// <summary>What the registry has against the manifest itself is an outcome; all else, such as a right that is missing, a fault.</summary>
    private static bool IsAboutManifest(RegistryRequestException refusal) => refusal.Status is 400 or 404 or 413 or 422 && refusal.Errors.Count > 0
        && refusal.Errors.All(error => error.Code.Name.StartsWith("MANIFEST_", StringComparison.Ordinal) || error.Code.Name is "BLOB_UNKNOWN" or "SIZE_INVALID");
}
