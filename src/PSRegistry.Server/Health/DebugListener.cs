using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using PSRegistry.Oci;
using PSRegistry.Server.Configuration;
using PSRegistry.Server.Http;
using PSRegistry.Server.Telemetry;

namespace PSRegistry.Server.Health;

/// <summary>
/// An address of its own (<c>http.debug.addr</c>) for those who run the registry: <c>/debug/health</c>, <c>/livez</c>, <c>/readyz</c>, and the metrics.
/// </summary>
/// <param name="readiness">What the probes tell.</param>
/// <param name="metrics">The metrics; null where they are off.</param>
/// <param name="metricsPath">Where they are.</param>
internal sealed class DebugListener(Readiness readiness, MetricStore? metrics, string metricsPath)
{
    /// <summary>Paths that the metrics cannot have.</summary>
    public static IReadOnlyList<string> TakenPaths { get; } = ["/debug/health", "/livez", "/readyz"];

    /// <exception cref="RegistryStartException">The address cannot be listened on.</exception>
    public async Task<WebServer> StartAsync(ListenAddress address, ILoggerFactory logging, CancellationToken cancellationToken)
    {
        var web = new WebServer(
            logging,
            kestrel =>
            {
                kestrel.AddServerHeader = false;
                ListenerSetup.Listen(kestrel, address, "http.debug.addr", listen => listen.Protocols = HttpProtocols.Http1);
            },
            context => AnswerAsync(context).AsTask());
        await web.StartAsync($"{address}", "http.debug.addr (or REGISTRY_HTTP_DEBUG_ADDR)", cancellationToken);
        return web;
    }

    private ValueTask AnswerAsync(HttpContext context)
    {
        var path = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method) ? context.Request.Path.Value : null;
        return path switch
        {
            "/debug/health" => AnswerHealthAsync(context),
            "/livez" => ProbeAnswers.AnswerLiveAsync(context),
            "/readyz" => ProbeAnswers.AnswerReadyAsync(context, readiness, inDetail: true),
            not null when path == metricsPath && metrics is not null => JsonText.AnswerAsync(context, MetricText.MediaType, metrics.Write()),
            _ => AnswerNothingAsync(context),
        };
    }

    private ValueTask AnswerNothingAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        var there = string.Join(", ", metrics is null ? TakenPaths : [.. TakenPaths, metricsPath]);
        return JsonText.AnswerAsync(context, "text/plain", System.Text.Encoding.UTF8.GetBytes($"there is nothing here but GET {there}\n"));
    }

    private ValueTask AnswerHealthAsync(HttpContext context)
    {
        var failing = readiness.Failing;
        context.Response.StatusCode = failing.IsEmpty ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        return JsonText.AnswerAsync(context, MediaTypes.Json, JsonText.Write(json =>
        {
            json.WriteStartObject();
            foreach (var (name, fault) in failing)
                json.WriteString(name, fault);
            json.WriteEndObject();
        }).WrittenMemory);
    }
}
