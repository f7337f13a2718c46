using System.Collections.Immutable;
using PSRegistry.Oci;

namespace PSRegistry.Client;

/// <summary>
/// Who refers to a manifest: by the registry's list, or, where it has none, by the index that clients keep under the tag
/// <c>sha256-&lt;hex&gt;</c> (OCI distribution spec, "Referrers Tag Schema").
/// </summary>
internal sealed class RemoteReferrers(RepositoryName name, RegistryTransport transport, RemoteManifests manifests)
{
    private const int MostPages = 1000;

    public async ValueTask<IReadOnlyList<Descriptor>> ListAsync(Digest subject, CancellationToken cancellationToken)
    {
        var found = await FromApiAsync(subject, cancellationToken) ?? [.. await FromTagAsync(subject, cancellationToken)];
        return [.. found.DistinctBy(referrer => referrer.Digest).OrderBy(referrer => referrer.Digest)];
    }

    /// <summary>Notes a referrer under the tag, for a registry that does not note it by itself.</summary>
    public async ValueTask AddAsync(Digest subject, Manifest manifest, Digest digest, CancellationToken cancellationToken)
    {
        var known = await FromTagAsync(subject, cancellationToken);
        if (known.Any(referrer => referrer.Digest == digest))
            return;
        var referrer = new Descriptor(manifest.MediaType, digest, manifest.Content.Length)
        {
            ArtifactType = manifest.EffectiveArtifactType,
            Annotations = manifest.Annotations,
        };
        var index = ManifestWriter.Index([.. known, referrer]);
        var put = new Call(HttpMethod.Put, manifests.UriOf(TagOf(subject)))
        {
            Body = () => new ReadOnlyMemoryContent(index) { Headers = { ContentType = new(MediaTypes.OciIndex) } },
        };
        await transport.SendAsync(put, Asked.Write(name, $"the list of referrers of {subject}"), static (_, _) => ValueTask.FromResult(true), cancellationToken);
    }

    /// <summary>Null where the registry has no such list.</summary>
    private async ValueTask<List<Descriptor>?> FromApiAsync(Digest subject, CancellationToken cancellationToken)
    {
        var found = new List<Descriptor>();
        var uri = transport.UriOf($"v2/{name}/referrers/{subject}");
        for (var pages = 0; pages < MostPages; pages++)
        {
            var page = await PageAsync(uri, subject, cancellationToken);
            if (page is null)
                return pages == 0 ? null : found;
            found.AddRange(page.Value.Referrers);
            if (page.Value.Link is not { } link)
                return found;
            uri = transport.Locations.Resolve(uri, link, "links to a next page");
        }
        throw transport.Faults.New(RegistryFailure.ProtocolFault, uri, $"{transport.Faults.Registry} links its pages of referrers without end.");
    }

    private async ValueTask<(ImmutableArray<Descriptor> Referrers, string? Link)?> PageAsync(Uri uri, Digest subject, CancellationToken cancellationToken)
    {
        try
        {
            return await transport.FindAsync<(ImmutableArray<Descriptor>, string?)?>(
                Call.Get(uri) with { Accept = MediaTypes.OciIndex }, Asked.Read(name, $"the referrers of {subject}"), ReadAsync, cancellationToken);
        }
        // Whoever does not know the path answers as it likes.
        catch (RegistryRequestException fault) when (fault.Failure == RegistryFailure.Unsupported || fault.Status == 400)
        {
            return null;
        }

        async ValueTask<(ImmutableArray<Descriptor>, string?)?> ReadAsync(Answer answer, CancellationToken token)
        {
            var who = transport.Faults.Who(answer.Uri);
            var content = await answer.ReadAllAsync(Manifest.MaxSize, token)
                ?? throw transport.Faults.New(RegistryFailure.ProtocolFault, answer, $"{who} lists the referrers of {subject} at more length than 4 MiB.");
            if (!Manifest.TryParse(content, MediaTypes.OciIndex, out var index, out var fault))
                throw transport.Faults.New(RegistryFailure.ProtocolFault, answer, $"{who} lists the referrers of {subject} in a way that cannot be used: {ServerText.Clean(fault)}");
            return (index.Manifests, LinkHeader.Next(answer.Header("Link")));
        }
    }

    private async ValueTask<ImmutableArray<Descriptor>> FromTagAsync(Digest subject, CancellationToken cancellationToken)
    {
        var stored = await manifests.GetAsync(TagOf(subject), digest: null, cancellationToken);
        return stored is not null && Manifest.TryParse(stored.Content, stored.MediaType, out var index, out _) && index.IsIndex ? index.Manifests : [];
    }

    /// <summary>The digest with a dash for the colon, cut to what a tag may hold.</summary>
    private static string TagOf(Digest subject)
    {
        var tag = subject.ToString().Replace(':', '-');
        return tag.Length <= Tag.MaxLength ? tag : tag[..Tag.MaxLength];
    }
}
