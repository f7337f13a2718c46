using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace PSRegistry.Server.Http;

/// <summary>
/// The trace of requests: a span for each, by OpenTelemetry's conventions for HTTP servers, below the one that the client tells of
/// (W3C Trace Context). It is named by its route. Queries and headers stay out: the state of an upload and logins are in them.
/// </summary>
internal static class RequestSpans
{
    public const string SourceName = "PSRegistry.Server";

    private static readonly ActivitySource Source = new(SourceName, typeof(RequestSpans).Assembly.GetName().Version!.ToString(3));

    public static bool AreWanted => Source.HasListeners();

    /// <summary>Begins the span of a request; null when it is not traced.</summary>
    public static Activity? Start(HttpContext context, RegistryRoute route)
    {
        if (!AreWanted)
            return null;
        var request = context.Request;
        // Whatever the program around the server is doing, its clients' requests are no part of it.
        Activity.Current = null;
        ActivityContext.TryParse(request.Headers.TraceParent, request.Headers.TraceState, isRemote: true, out var parent);
        var method = RouteTags.SpanMethod(request.Method);
        var template = RouteTags.Template(route.Kind);
        var verb = method == RouteTags.OtherMethod ? "HTTP" : method;
        var span = Source.StartActivity(template is null ? verb : $"{verb} {template}", ActivityKind.Server, parent);
        if (span is not { IsAllDataRequested: true })
            return span;
        span.SetTag("http.request.method", method).SetTag("url.scheme", request.Scheme).SetTag("url.path", request.PathBase + request.Path);
        if (method != request.Method)
            span.SetTag("http.request.method_original", request.Method);
        if (template is not null)
            span.SetTag("http.route", template);
        if (request.Host is { HasValue: true, Host: var host } named)
            span.SetTag("server.address", host).SetTag("server.port", named.Port);
        span.SetTag("client.address", context.Connection.RemoteIpAddress?.ToString());
        span.SetTag("network.protocol.version", Version(request.Protocol));
        if (request.Headers.UserAgent.ToString() is { Length: > 0 } agent)
            span.SetTag("user_agent.original", agent);
        if (route.Name is { } repository)
            span.SetTag("psregistry.repository", repository.ToString());
        return span;
    }

    /// <summary>Ends it. What a client did wrong is no error of the server.</summary>
    public static void Stop(Activity span, int status)
    {
        if (span.IsAllDataRequested)
        {
            span.SetTag("http.response.status_code", status);
            if (status >= StatusCodes.Status500InternalServerError)
                span.SetTag("error.type", status.ToString(CultureInfo.InvariantCulture)).SetStatus(ActivityStatusCode.Error);
        }
        span.Dispose();
    }

    private static string Version(string protocol) => HttpProtocol.IsHttp2(protocol) ? "2" : HttpProtocol.IsHttp10(protocol) ? "1.0" : "1.1";
}
