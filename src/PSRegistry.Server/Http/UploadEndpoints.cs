using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using PSRegistry.Oci;
using PSRegistry.Server.Auth;

namespace PSRegistry.Server.Http;

/// <summary><c>/v2/&lt;name&gt;/blobs/uploads/</c> (OCI distribution spec, "Pushing blobs" and "Mounting a blob from another repository").</summary>
internal sealed partial class UploadEndpoints(RegistryContext registry, ILogger log)
{
    /// <summary>Opens an upload; or mounts a blob, or takes all of it, when the query says so.</summary>
    public async ValueTask<Refusal> StartAsync(HttpContext context, RepositoryName name)
    {
        if (registry.RefuseWrite() is { } refused)
            return refused;
        var query = context.Request.Query;
        var repository = registry.Registry.GetRepository(name);
        if (await MountAsync(context, repository))
            return Refusal.None;

        Digest? digest = null;
        if (query["digest"].ToString() is { Length: > 0 } digestText && !Digest.TryParse(digestText, out digest))
            return InvalidDigest(digestText);
        var algorithm = digest?.Algorithm ?? DigestAlgorithm.Sha256;
        if (query["digest-algorithm"].ToString() is { Length: > 0 } algorithmText)
        {
            if (DigestAlgorithm.Find(algorithmText) is not { } asked)
                return ErrorCode.DigestInvalid.With($"'{algorithmText}' is no digest algorithm known here: use sha256, sha384 or sha512.", ("digest-algorithm", algorithmText));
            algorithm = digest?.Algorithm ?? asked;
        }

        await using var session = await repository.Uploads.StartAsync(algorithm, context.RequestAborted);
        // A digest without a body is a client that sends the content later: it gets the session it would get without it.
        if (digest is not null && await ReceiveAsync(context, session, isLast: true) is var received
            && (received > 0 || digest == digest.Algorithm.Compute(ReadOnlyMemory<byte>.Empty)))
        {
            return await CommitAsync(context, name, session, digest);
        }
        return Progress(context, name, Status(session), StatusCodes.Status202Accepted);
    }

    public async ValueTask<Refusal> GetStatusAsync(HttpContext context, RepositoryName name, string item)
    {
        if (!UploadId.TryParse(item, out var id))
            return Unknown(name, item);
        var state = UploadStateToken.Unpack(context.Request.Query["_state"].ToString(), registry.UploadSecret.Value);
        var begunAt = state?.IsOf(name, item) == true ? state.BegunAt : null;
        if (await registry.Registry.GetRepository(name).Uploads.GetStatusAsync(id, begunAt, context.RequestAborted) is not { } status)
            return Unknown(name, item);
        return Progress(context, name, status, StatusCodes.Status204NoContent);
    }

    public async ValueTask<Refusal> AppendAsync(HttpContext context, RepositoryName name, string item)
    {
        var (session, refusal) = await ResumeAsync(context, name, item);
        await using var held = session;
        if (session is null)
            return refusal;
        if (CheckRange(context, name, session, out var range) is { Exists: true } misplaced)
            return misplaced;
        var received = await ReceiveAsync(context, session, isLast: false);
        if (range is { } announced && announced.Length != received)
            return ErrorCode.SizeInvalid.With($"Content-Range announced {announced.Length} bytes, the body had {received}; GET the upload to see how far it has come.");
        return Progress(context, name, Status(session), StatusCodes.Status202Accepted);
    }

    public async ValueTask<Refusal> CompleteAsync(HttpContext context, RepositoryName name, string item)
    {
        var digestText = context.Request.Query["digest"].ToString();
        if (!Digest.TryParse(digestText, out var digest))
            return InvalidDigest(digestText);
        var (session, refusal) = await ResumeAsync(context, name, item);
        await using var held = session;
        if (session is null)
            return refusal;
        if (CheckRange(context, name, session, out var range) is { Exists: true } misplaced)
            return misplaced;
        var received = await ReceiveAsync(context, session, isLast: true);
        if (range is { } announced && announced.Length != received)
            return ErrorCode.SizeInvalid.With($"Content-Range announced {announced.Length} bytes, the body had {received}; GET the upload to see how far it has come.");
        return await CommitAsync(context, name, session, digest);
    }

    public async ValueTask<Refusal> CancelAsync(HttpContext context, RepositoryName name, string item)
    {
        var (session, refusal) = await ResumeAsync(context, name, item, anyOffset: true);
        await using var held = session;
        if (session is null)
            return refusal;
        await session.CancelAsync(context.RequestAborted);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Refusal.None;
    }

    private async ValueTask<long> ReceiveAsync(HttpContext context, IUploadSession session, bool isLast)
    {
        var before = session.Size;
        try
        {
            return isLast
                ? await session.AppendLastAsync(context.Request.BodyReader, context.Request.ContentLength, context.RequestAborted)
                : await session.AppendAsync(context.Request.BodyReader, context.RequestAborted);
        }
        finally
        {
            // What arrived before a connection broke is kept, and counts, unless it is the first of a small content that was to come whole.
            registry.Traffic.AddReceived(session.Size - before);
        }
    }

    private async ValueTask<bool> MountAsync(HttpContext context, IRepository repository)
    {
        var query = context.Request.Query;
        if (!Digest.TryParse(query["mount"].ToString(), out var digest))
            return false;
        RepositoryName? from = null;
        if (query["from"].ToString() is { Length: > 0 } text && !RepositoryName.TryParse(text, out from))
            return false;
        if (from is not null && !Caller.May(context, new(ResourceScope.Repository, from.ToString(), AccessActions.Pull)))
            return false;
        // From just anywhere only for who may pull everywhere: knowing a digest is no right to its content.
        if (from is null && !Caller.May(context, new(ResourceScope.Repository, ResourceScope.EveryName, AccessActions.Pull)))
            from = repository.Name;
        if (!await repository.Blobs.MountAsync(digest, from, context.RequestAborted))
            return false;
        if (registry.Events.AreWanted)
            await registry.Events.BlobMountedAsync(context, repository.Name, digest, await repository.Blobs.GetSizeAsync(digest, CancellationToken.None) ?? 0, from);
        Created(context, repository.Name, digest);
        return true;
    }

    private async ValueTask<Refusal> CommitAsync(HttpContext context, RepositoryName name, IUploadSession session, Digest digest)
    {
        var size = session.Size;
        if (await session.CommitAsync(digest, context.RequestAborted) is { } actual)
        {
            return ErrorCode.DigestInvalid.With(
                $"the {size} bytes received have the digest {actual}, not {digest}; the upload was discarded, begin anew.",
                ("digest", digest.ToString()),
                ("actual", actual.ToString()));
        }
        await registry.Events.BlobPushedAsync(context, name, digest, size);
        Created(context, name, digest);
        return Refusal.None;
    }

    private async ValueTask<(IUploadSession? Session, Refusal Refusal)> ResumeAsync(
        HttpContext context, RepositoryName name, string item, bool anyOffset = false)
    {
        if (registry.RefuseWrite() is { } refused)
            return (null, refused);
        if (!UploadId.TryParse(item, out var id))
            return (null, Unknown(name, item));
        var text = context.Request.Query["_state"].ToString();
        var state = UploadStateToken.Unpack(text, registry.UploadSecret.Value);
        if (state is null || !state.IsOf(name, item))
            return (null, NotGivenOut(text, name, item));
        if (await registry.Registry.GetRepository(name).Uploads.ResumeAsync(id, state.BegunAt, context.RequestAborted) is not { } session)
            return (null, Unknown(name, item));
        if (anyOffset || state.Offset == session.Size)
            return (session, Refusal.None);
        await using (session)
            return (null, OutOfPlace(context, name, session, $"the upload has {session.Size} bytes, but its URL was given out at {state.Offset}."));
    }

    private Refusal NotGivenOut(string state, RepositoryName name, string item)
    {
        if (!UploadStateToken.IsForeign(state, registry.UploadSecret.Value, name.ToString(), item))
            return ErrorCode.BlobUploadInvalid.With("the URL's _state is missing or was not given out by this registry; use the Location of the answer before.");
        Log.OtherSecret(log, name, item);
        return ErrorCode.BlobUploadInvalid.With(
            "the upload was begun at a server with another http.secret; its operator sets the same http.secret (or REGISTRY_HTTP_SECRET) on every server that shares the uploads.",
            ("key", "http.secret"));
    }

    private Refusal CheckRange(HttpContext context, RepositoryName name, IUploadSession session, out ContentRange? range)
    {
        range = null;
        var text = context.Request.Headers.ContentRange.ToString();
        if (text.Length == 0)
            return Refusal.None;
        if (!ContentRange.TryParse(text, out var parsed))
            return OutOfPlace(context, name, session, $"'{text}' is no Content-Range; expected <first>-<last>.");
        if (parsed.First != session.Size)
            return OutOfPlace(context, name, session, $"the chunk begins at byte {parsed.First}, but the next one must begin at {session.Size}.");
        if (context.Request.ContentLength is { } length && length != parsed.Length)
            return ErrorCode.SizeInvalid.With($"Content-Range spans {parsed.Length} bytes, Content-Length is {length}.");
        range = parsed;
        return Refusal.None;
    }

    /// <summary>A 416 tells where to go on, so that the client need not ask.</summary>
    private Refusal OutOfPlace(HttpContext context, RepositoryName name, IUploadSession session, string reason)
    {
        WriteProgress(context, name, Status(session));
        return ErrorCode.RangeInvalid.With(reason + " Go on at the Location and behind the Range of this answer.");
    }

    private Refusal Progress(HttpContext context, RepositoryName name, UploadStatus status, int statusCode)
    {
        WriteProgress(context, name, status);
        context.Response.StatusCode = statusCode;
        if (statusCode != StatusCodes.Status204NoContent)
            context.Response.ContentLength = 0;
        return Refusal.None;
    }

    private void WriteProgress(HttpContext context, RepositoryName name, UploadStatus status)
    {
        var state = new UploadStateToken(name.ToString(), status.Id.ToString(), status.Size, status.StartedAt).Pack(registry.UploadSecret.Value);
        var headers = context.Response.Headers;
        headers.Location = registry.Urls.Upload(context.Request, name, status.Id, state);
        // An empty upload has no last byte; clients expect 0-0 for it all the same.
        headers.Range = string.Create(CultureInfo.InvariantCulture, $"0-{Math.Max(0, status.Size - 1)}");
        headers[HeaderName.UploadUuid] = status.Id.ToString();
    }

    private void Created(HttpContext context, RepositoryName name, Digest digest)
    {
        var response = context.Response;
        response.StatusCode = StatusCodes.Status201Created;
        response.Headers.Location = registry.Urls.Blob(context.Request, name, digest);
        response.Headers[HeaderName.ContentDigest] = digest.ToString();
        response.ContentLength = 0;
    }

    private static UploadStatus Status(IUploadSession session) => new(session.Id, session.Size, session.StartedAt);

    private static Refusal Unknown(RepositoryName name, string id) =>
        ErrorCode.BlobUploadUnknown.With($"repository {name} has no upload {id}; it ended, was cancelled or purged. Begin anew.", ("upload", id));

    private static Refusal InvalidDigest(string text) => ErrorCode.DigestInvalid.With(
        text.Length == 0
            ? "the closing PUT needs ?digest=<digest of the whole blob>."
            : $"'{text}' is no digest: expected sha256:, sha384: or sha512: and lower-case hex digits.",
        ("digest", text));

    private static partial class Log
    {
        [LoggerMessage(EventId = 3, Level = LogLevel.Warning, Message = "upload {Upload} of {Repository} goes on here, but was begun under another http.secret: set the same http.secret on every server that shares the uploads")]
        public static partial void OtherSecret(ILogger log, RepositoryName repository, string upload);
    }
}
