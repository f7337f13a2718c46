using System.Globalization;
using Microsoft.AspNetCore.Http;
using PSRegistry.Oci;

namespace PSRegistry.Server.Http;

/// <summary><c>/v2/&lt;name&gt;/blobs/&lt;digest&gt;</c> (OCI distribution spec, "Pulling" and "Deleting blobs").</summary>
internal sealed class BlobEndpoints(RegistryContext registry)
{
    /// <summary>Content under a digest never changes; a year is as long as a cache may keep anything.</summary>
    private const string CacheForAYear = "max-age=31536000";

    public async ValueTask<Refusal> GetAsync(HttpContext context, RepositoryName name, string item)
    {
        if (!Digest.TryParse(item, out var digest))
            return InvalidDigest(item);
        var repository = registry.Registry.GetRepository(name);
        await using var blob = await repository.Blobs.OpenAsync(digest, context.RequestAborted);
        if (blob is null)
            return Unknown(name, digest);

        var request = context.Request;
        var response = context.Response;
        response.Headers[HeaderName.ContentDigest] = digest.ToString();
        response.Headers.ETag = EntityTag.Of(digest);
        response.Headers.CacheControl = CacheForAYear;
        response.Headers.AcceptRanges = "bytes";
        if (EntityTag.IsNamed(request.Headers.IfNoneMatch, digest))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            registry.Events.BlobPulled(context, name, digest, blob.Size);
            return Refusal.None;
        }
        var part = new ByteRange(0, blob.Size);
        if (request.Headers.Range is { Count: > 0 } header && EntityTag.AllowsRange(request.Headers.IfRange, digest)
            && ByteRange.Parse(header.ToString(), blob.Size) is { } range)
        {
            if (!range.IsSatisfiable)
            {
                response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes */{blob.Size}");
                return ErrorCode.RangeInvalid.With($"'{header}' lies outside the blob, which has {blob.Size} bytes.");
            }
            part = range;
            response.StatusCode = StatusCodes.Status206PartialContent;
            response.Headers.ContentRange =
                string.Create(CultureInfo.InvariantCulture, $"bytes {part.Start}-{part.Start + part.Length - 1}/{blob.Size}");
        }
        response.ContentType = MediaTypes.OctetStream;
        response.ContentLength = part.Length;
        if (!HttpMethods.IsHead(request.Method))
            await BlobBody.WriteAsync(context, blob, part);
        registry.Events.BlobPulled(context, name, digest, blob.Size);
        return Refusal.None;
    }

    public async ValueTask<Refusal> DeleteAsync(HttpContext context, RepositoryName name, string item)
    {
        if (registry.RefuseDelete() is { } refused)
            return refused;
        if (!Digest.TryParse(item, out var digest))
            return InvalidDigest(item);
        if (!await registry.Registry.GetRepository(name).Blobs.DeleteAsync(digest, context.RequestAborted))
            return Unknown(name, digest);
        await registry.Events.DeletedAsync(context, name, digest, []);
        context.Response.StatusCode = StatusCodes.Status202Accepted;
        context.Response.ContentLength = 0;
        return Refusal.None;
    }

    private static Refusal Unknown(RepositoryName name, Digest digest) =>
        ErrorCode.BlobUnknown.With($"repository {name} has no blob {digest}.", ("name", name.ToString()), ("digest", digest.ToString()));

    private static Refusal InvalidDigest(string text) =>
        ErrorCode.DigestInvalid.With($"'{text}' is no digest: expected sha256:, sha384: or sha512: and lower-case hex digits.", ("digest", text));
}
