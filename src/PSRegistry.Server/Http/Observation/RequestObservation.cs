using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using PSRegistry.Server.Telemetry;

namespace PSRegistry.Server.Http;

/// <summary>One request that somebody wants to know about.</summary>
internal sealed class RequestObservation
{
    private readonly ServerMeters _meters;
    private readonly KeyValuePair<string, object?> _handler;
    private readonly long _began;

    private readonly Activity? _span;

    private RequestObservation(ServerMeters meters, RouteKind kind, Activity? span)
    {
        _meters = meters;
        _handler = new("handler", RouteTags.Handler(kind));
        _span = span;
        _began = Stopwatch.GetTimestamp();
    }

    /// <summary>The trace that the request is a part of, for log lines; null for none.</summary>
    public string? TraceId => _span?.TraceId.ToHexString();

    public static RequestObservation Begin(HttpContext context, RegistryRoute route, ServerMeters meters)
    {
        var observation = new RequestObservation(meters, route.Kind, RequestSpans.Start(context, route));
        if (observation._span is not null)
            context.Features.Set(observation);
        meters.Http.InFlight.Add(1, observation._handler);
        return observation;
    }

    public void End(HttpContext context)
    {
        if (_span is not null)
            RequestSpans.Stop(_span, context.Response.StatusCode);
        var request = context.Request;
        var response = context.Response;
        var http = _meters.Http;
        KeyValuePair<string, object?> method = new("method", RouteTags.Method(request.Method));
        http.InFlight.Add(-1, _handler);
        http.Requests.Add(1, new("code", RouteTags.Code(response.StatusCode)), _handler, method);
        http.Duration.Record(Stopwatch.GetElapsedTime(_began).TotalSeconds, _handler, method);
        // How long a body in pieces is, it does not say.
        if (request.ContentLength is { } length)
            http.RequestSize.Record(length, _handler);
        else if (context.Features.Get<IHttpRequestBodyDetectionFeature>() is not { CanHaveBody: true })
            http.RequestSize.Record(0, _handler);
        http.ResponseSize.Record(HttpMethods.IsHead(request.Method) ? 0 : response.ContentLength ?? 0, _handler);
        if (Failure(context) is { } reason)
            _meters.Auth.Failures.Add(1, new KeyValuePair<string, object?>("reason", reason));
    }

    private static string? Failure(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status401Unauthorized when context.Request.Headers.Authorization.Count > 0 => "unauthorized",
        StatusCodes.Status403Forbidden => "denied",
        StatusCodes.Status429TooManyRequests => "busy",
        _ => null,
    };
}
