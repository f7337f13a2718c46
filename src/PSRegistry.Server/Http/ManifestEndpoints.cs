using Microsoft.AspNetCore.Http;
using PSRegistry.Oci;

namespace PSRegistry.Server.Http;

/// <summary><c>/v2/&lt;name&gt;/manifests/&lt;reference&gt;</c> (OCI distribution spec, "Pulling", "Pushing" and "Deleting manifests").</summary>
internal sealed class ManifestEndpoints(RegistryContext registry)
{
    public async ValueTask<Refusal> GetAsync(HttpContext context, RepositoryName name, string reference)
    {
        var repository = registry.Registry.GetRepository(name);
        var cancellation = context.RequestAborted;
        Tag? tag = null;
        if (!Digest.TryParse(reference, out var digest))
        {
            if (reference.Contains(':', StringComparison.Ordinal))
                return InvalidDigest(reference);
            if (Tag.TryParse(reference, out tag))
                digest = await repository.Tags.ResolveAsync(tag, cancellation);
        }
        if (digest is null || await repository.Manifests.GetAsync(digest, cancellation) is not { } manifest)
            return await UnknownAsync(repository, reference, cancellation);
        var chosen = tag is not null && manifest.MediaType == MediaTypes.DockerManifestList
            ? await OldClientImage.ChooseAsync(context, repository, manifest)
            : manifest;
        if (await AnswerAsync(context, chosen))
        {
            registry.Events.ManifestPulled(context, name, manifest, tag);
            if (chosen != manifest)
                registry.Events.ManifestPulled(context, name, chosen, null);
        }
        return Refusal.None;
    }

    public async ValueTask<Refusal> PutAsync(HttpContext context, RepositoryName name, string reference)
    {
        if (registry.RefuseWrite() is { } refused)
            return refused;
        if (ManifestTarget.TryRead(context.Request.Query, reference, out var target) is { } badTarget)
            return badTarget;
        var (content, tooLarge) = await ManifestBody.ReadAsync(context);
        if (tooLarge is not null)
            return tooLarge;
        registry.Traffic.AddReceived(content.Length);
        var digest = (target.Digest?.Algorithm ?? DigestAlgorithm.Sha256).Compute(content);
        if (target.Digest is not null && target.Digest != digest)
            return ErrorCode.DigestInvalid.With($"the manifest's digest is {digest}, not {target.Digest}.", ("digest", digest.ToString()));
        if (!Manifest.TryParse(content, MediaTypes.WithoutParameters(context.Request.ContentType), out var manifest, out var fault))
            return ErrorCode.ManifestInvalid.With(fault);

        var repository = registry.Registry.GetRepository(name);
        var missing = await repository.Manifests.PutAsync(manifest, digest, target.Tags, context.RequestAborted);
        if (!missing.IsEmpty)
            return missing;
        await registry.Events.ManifestPushedAsync(context, name, manifest, digest, target.Tags);
        var response = context.Response;
        response.StatusCode = StatusCodes.Status201Created;
        response.Headers.Location = registry.Urls.Manifest(context.Request, name, digest);
        response.Headers[HeaderName.ContentDigest] = digest.ToString();
        if (manifest.Subject is { } subject)
            response.Headers[HeaderName.OciSubject] = subject.Digest.ToString();
        if (target.TagsFromQuery)
            response.Headers[HeaderName.OciTag] = string.Join(", ", target.Tags);
        response.ContentLength = 0;
        return Refusal.None;
    }

    public async ValueTask<Refusal> DeleteAsync(HttpContext context, RepositoryName name, string reference)
    {
        if (registry.RefuseDelete() is { } refused)
            return refused;
        var repository = registry.Registry.GetRepository(name);
        bool deleted;
        IReadOnlyList<Tag> tags = [];
        if (Digest.TryParse(reference, out var digest))
        {
            if (registry.Events.AreWanted)
                tags = await TagsOfAsync(repository, digest, context.RequestAborted);
            deleted = await repository.Manifests.DeleteAsync(digest, context.RequestAborted);
        }
        else if (reference.Contains(':', StringComparison.Ordinal))
        {
            return InvalidDigest(reference);
        }
        else
        {
            deleted = Tag.TryParse(reference, out var tag) && await repository.Tags.DeleteAsync(tag, context.RequestAborted);
            tags = tag is null ? [] : [tag];
        }
        if (!deleted)
            return await UnknownAsync(repository, reference, context.RequestAborted);
        await registry.Events.DeletedAsync(context, name, digest, tags);
        context.Response.StatusCode = StatusCodes.Status202Accepted;
        context.Response.ContentLength = 0;
        return Refusal.None;
    }

    /// <summary>The tags that name a manifest, and go with it.</summary>
    private static async ValueTask<IReadOnlyList<Tag>> TagsOfAsync(IRepository repository, Digest digest, CancellationToken cancellationToken)
    {
        var tags = new List<Tag>();
        await foreach (var tag in repository.Tags.ListAsync(cancellationToken: cancellationToken))
        {
            if (await repository.Tags.ResolveAsync(tag, cancellationToken) == digest)
                tags.Add(tag);
        }
        return tags;
    }

    /// <summary>False when the client has it already.</summary>
    private static async ValueTask<bool> AnswerAsync(HttpContext context, StoredManifest manifest)
    {
        var response = context.Response;
        response.Headers[HeaderName.ContentDigest] = manifest.Digest.ToString();
        response.Headers.ETag = EntityTag.Of(manifest.Digest);
        if (EntityTag.IsNamed(context.Request.Headers.IfNoneMatch, manifest.Digest))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return false;
        }
        response.ContentType = manifest.MediaType;
        response.ContentLength = manifest.Content.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
            await response.BodyWriter.WriteAsync(manifest.Content, context.RequestAborted);
        return true;
    }

    private static async ValueTask<Refusal> UnknownAsync(IRepository repository, string reference, CancellationToken cancellationToken)
    {
        var reason = await repository.ExistsAsync(cancellationToken)
            ? $"repository {repository.Name} has no manifest '{reference}'."
            : $"there is no repository {repository.Name}.";
        return ErrorCode.ManifestUnknown.With(reason, ("name", repository.Name.ToString()), ("reference", reference));
    }

    private static Refusal InvalidDigest(string text) =>
        ErrorCode.DigestInvalid.With($"'{text}' is no digest: expected sha256:, sha384: or sha512: and lower-case hex digits.", ("digest", text));
}
