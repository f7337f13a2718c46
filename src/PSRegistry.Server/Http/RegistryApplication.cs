using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;
using PSRegistry.Oci;
using PSRegistry.Server.Health;
using PSRegistry.Storage;

namespace PSRegistry.Server.Http;

/// <summary>The way of a request: headers that every answer has, route, endpoint, and the envelope when it is refused.</summary>
internal sealed partial class RegistryApplication
{
    private readonly RegistryContext _registry;
    private readonly RequestGate _gate;
    private readonly ILogger _log;
    private readonly PathString _prefix;
    private readonly KeyValuePair<string, StringValues>[] _headers;
    private readonly ManifestEndpoints _manifests;
    private readonly BlobEndpoints _blobs;
    private readonly UploadEndpoints _uploads;
    private readonly ListEndpoints _lists;
    private readonly ReferrersEndpoint _referrers;
    private readonly TokenEndpoint? _tokens;

    public RegistryApplication(RegistryContext registry, RequestGate gate, ILogger log)
    {
        _registry = registry;
        _gate = gate;
        _log = log;
        _prefix = registry.Configuration.Http.Prefix.TrimEnd('/');
        _headers = ConfiguredHeaders(registry.Configuration.Http.Headers);
        _manifests = new ManifestEndpoints(registry);
        _blobs = new BlobEndpoints(registry);
        _uploads = new UploadEndpoints(registry, log);
        _lists = new ListEndpoints(registry);
        _referrers = new ReferrersEndpoint(registry);
        _tokens = registry.Issuer is { } issuer ? new TokenEndpoint(issuer) : null;
    }

    public async Task HandleAsync(HttpContext context)
    {
        AddCommonHeaders(context.Response.Headers);
        var route = FindRoute(context.Request);
        var observed = _registry.Observer.Begin(context, route);
        try
        {
            var refusal = await _gate.CheckAsync(context, route);
            if (!refusal.Exists)
                refusal = await AnswerAsync(context, route);
            if (refusal.Exists)
                await ErrorEnvelope.WriteAsync(context, refusal.Errors);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client is gone; nobody reads an answer. The access log shows it as 499, as others do.
            if (!context.Response.HasStarted)
                context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
        }
        catch (Exception fault) when (!context.Response.HasStarted)
        {
            await AnswerFaultAsync(context, fault);
        }
        catch (Exception fault)
        {
            Log.BrokeOff(_log.About(context), context.Request.Method, context.Request.Path, fault);
            _registry.Traffic.AddError();
            context.Abort();
        }
        finally
        {
            Count(context);
            _registry.Audit.Note(context, route);
            observed?.End(context);
        }
    }

    private RegistryRoute FindRoute(HttpRequest request)
    {
        // Orchestrators know nothing of a prefix; and no repository has its name here, for all of them are below v2/.
        if (request.Path.Value is "/livez" or "/readyz")
            return new RegistryRoute(request.Path.Value is "/livez" ? RouteKind.Live : RouteKind.Ready, "", "");
        if (_prefix.HasValue)
        {
            if (!request.Path.StartsWithSegments(_prefix, StringComparison.Ordinal, out var rest) && request.Path != "/")
                return RegistryRoute.Nothing;
            request.PathBase = _prefix;
            request.Path = rest;
        }
        var route = RegistryRoute.Parse(request.Path.Value);
        return route.Kind is RouteKind.Token && _tokens is null ? RegistryRoute.Nothing : route;
    }

    private ValueTask<Refusal> AnswerAsync(HttpContext context, RegistryRoute route)
    {
        if (HttpMethods.IsOptions(context.Request.Method))
            return ValueTask.FromResult(AnswerOptions(context, route.Kind));
        if (route.NameText.Length > 0 && route.Name is null)
            return ValueTask.FromResult<Refusal>(ErrorCode.NameInvalid.With($"'{route.NameText}' is no repository name: {RepositoryName.Rule}", ("name", route.NameText)));
        return DispatchAsync(context, route);
    }

    /// <summary>The table of contents of the API.</summary>
    private ValueTask<Refusal> DispatchAsync(HttpContext context, RegistryRoute route) => (route.Kind, Verb(context.Request.Method)) switch
    {
        (RouteKind.Root, "GET") => AnswerRootAsync(context),
        (RouteKind.Live, "GET") => AnswerProbeAsync(ProbeAnswers.AnswerLiveAsync(context)),
        (RouteKind.Ready, "GET") => AnswerProbeAsync(ProbeAnswers.AnswerReadyAsync(context, _registry.Readiness, inDetail: false)),
        (RouteKind.Base, "GET") => AnswerBaseAsync(context),
        (RouteKind.BaseWithoutSlash, "GET") => RedirectToBase(context),
        (RouteKind.Catalog, "GET") => _lists.GetCatalogAsync(context),
        (RouteKind.Tags, "GET") => _lists.GetTagsAsync(context, route.Name!),
        (RouteKind.Manifest, "GET") => _manifests.GetAsync(context, route.Name!, route.Item),
        (RouteKind.Manifest, "PUT") => _manifests.PutAsync(context, route.Name!, route.Item),
        (RouteKind.Manifest, "DELETE") => _manifests.DeleteAsync(context, route.Name!, route.Item),
        (RouteKind.Blob, "GET") => _blobs.GetAsync(context, route.Name!, route.Item),
        (RouteKind.Blob, "DELETE") => _blobs.DeleteAsync(context, route.Name!, route.Item),
        (RouteKind.Uploads, "POST") => _uploads.StartAsync(context, route.Name!),
        (RouteKind.Upload, "GET") => _uploads.GetStatusAsync(context, route.Name!, route.Item),
        (RouteKind.Upload, "PATCH") => _uploads.AppendAsync(context, route.Name!, route.Item),
        (RouteKind.Upload, "PUT") => _uploads.CompleteAsync(context, route.Name!, route.Item),
        (RouteKind.Upload, "DELETE") => _uploads.CancelAsync(context, route.Name!, route.Item),
        (RouteKind.Referrers, "GET") => _referrers.GetAsync(context, route.Name!, route.Item),
        (RouteKind.Token, "GET") => _tokens!.GetAsync(context),
        (RouteKind.Token, "POST") => _tokens!.PostAsync(context),
        (RouteKind.Unknown, _) => ValueTask.FromResult(NotFound(context.Request)),
        (var kind, var verb) => ValueTask.FromResult(NotAllowed(context, kind, verb)),
    };

    /// <summary>A HEAD is a GET without a body.</summary>
    private static string Verb(string method) => HttpMethods.IsHead(method) ? HttpMethods.Get : HttpMethods.GetCanonicalizedValue(method);

    private static string AllowedMethods(RouteKind kind) => kind switch
    {
        RouteKind.Manifest => "GET, HEAD, PUT, DELETE, OPTIONS",
        RouteKind.Blob => "GET, HEAD, DELETE, OPTIONS",
        RouteKind.Token => TokenEndpoint.AllowedMethods,
        RouteKind.Uploads => "POST, OPTIONS",
        RouteKind.Upload => "GET, HEAD, PATCH, PUT, DELETE, OPTIONS",
        _ => "GET, HEAD, OPTIONS",
    };

    private static async ValueTask<Refusal> AnswerRootAsync(HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-cache";
        await JsonText.AnswerAsync(context, "text/plain", "PSRegistry is running; its API is at /v2/.\n"u8.ToArray());
        return Refusal.None;
    }

    private static async ValueTask<Refusal> AnswerProbeAsync(ValueTask answer)
    {
        await answer;
        return Refusal.None;
    }

    private static async ValueTask<Refusal> AnswerBaseAsync(HttpContext context)
    {
        await JsonText.AnswerAsync(context, MediaTypes.Json, EmptyObject);
        return Refusal.None;
    }

    private static ValueTask<Refusal> RedirectToBase(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status301MovedPermanently;
        context.Response.Headers.Location = context.Request.PathBase.ToUriComponent() + "/v2/";
        context.Response.ContentLength = 0;
        return ValueTask.FromResult(Refusal.None);
    }

    /// <summary>A browser asks before it sends headers of its own; which origins may is said by <c>http.headers</c> alone.</summary>
    private static Refusal AnswerOptions(HttpContext context, RouteKind kind)
    {
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        context.Response.Headers.Allow = AllowedMethods(kind);
        return Refusal.None;
    }

    private static Refusal NotAllowed(HttpContext context, RouteKind kind, string method)
    {
        context.Response.Headers.Allow = AllowedMethods(kind);
        return ErrorCode.Unsupported.With($"{method} is not offered here; {AllowedMethods(kind)} are.");
    }

    private static Refusal NotFound(HttpRequest request) =>
        ErrorCode.NotFound.With($"there is nothing at '{request.Path}'; the API is below /v2/.", ("path", request.Path.ToString()));

    /// <summary>An answer that nobody waits for any more went out in part; how much of it, nobody knows.</summary>
    private void Count(HttpContext context)
    {
        var traffic = _registry.Traffic;
        traffic.AddRequest();
        if (context.Response.StatusCode >= StatusCodes.Status500InternalServerError)
            traffic.AddError();
        if (context.Response.ContentLength is { } length and > 0 && !HttpMethods.IsHead(context.Request.Method) && !context.RequestAborted.IsCancellationRequested)
            traffic.AddSent(length);
    }

    /// <summary>By a loop, because LINQ over these pairs is compiled at every start.</summary>
    private static KeyValuePair<string, StringValues>[] ConfiguredHeaders(IReadOnlyDictionary<string, IReadOnlyList<string>> configured)
    {
        var headers = new KeyValuePair<string, StringValues>[configured.Count];
        var count = 0;
        foreach (var (name, values) in configured)
            headers[count++] = new(name, new StringValues([.. values]));
        return headers;
    }

    private void AddCommonHeaders(IHeaderDictionary headers)
    {
        headers[HeaderName.ApiVersion] = "registry/2.0";
        foreach (var (name, values) in _headers)
            headers.Append(name, values);
    }

    private async ValueTask AnswerFaultAsync(HttpContext context, Exception fault)
    {
        var error = fault switch
        {
            StorageException { Fault: StorageFault.Full } => ErrorCode.Unavailable.With("the registry's storage is full; its operator has to free space, then try again."),
            StorageException { Fault: StorageFault.Denied } => ErrorCode.Unavailable.With("the registry may not write to its storage; its operator finds the reason in the log."),
            BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => ErrorCode.SizeInvalid.With("the request is too large."),
            BadHttpRequestException or ConnectionResetException => ErrorCode.SizeInvalid.With("the request ended early; what arrived of an upload is kept, GET its URL to go on."),
            _ => ErrorCode.Unknown.With($"the registry failed at this request; its operator finds the reason in the log under {context.TraceIdentifier}."),
        };
        if (error.Code.Status >= StatusCodes.Status500InternalServerError)
            Log.Failed(_log.About(context), context.Request.Method, context.Request.Path, context.TraceIdentifier, fault);
        context.Response.Clear();
        AddCommonHeaders(context.Response.Headers);
        await ErrorEnvelope.WriteAsync(context, [error]);
    }

    private static readonly byte[] EmptyObject = "{}"u8.ToArray();

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Error, Message = "{Method} {Path} failed (request {RequestId})")]
        public static partial void Failed(ILogger log, string method, string path, string requestId, Exception fault);

        [LoggerMessage(EventId = 2, Level = LogLevel.Warning, Message = "{Method} {Path} broke off in the middle of its answer")]
        public static partial void BrokeOff(ILogger log, string method, string path, Exception fault);
    }
}
