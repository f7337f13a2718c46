using System.Collections.Concurrent;
using System.Globalization;

namespace PSRegistry.Testing;

/// <summary>A collector of OpenTelemetry that keeps what it is sent (OTLP over HTTP with protocol buffers).</summary>
public sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly ScriptedServer _server;
    private readonly ConcurrentQueue<OtlpSpan> _spans;
    private readonly ConcurrentQueue<OtlpMetric> _metrics;
    private readonly ConcurrentQueue<string> _headers;

    private OtlpReceiver(ScriptedServer server, ConcurrentQueue<OtlpSpan> spans, ConcurrentQueue<OtlpMetric> metrics, ConcurrentQueue<string> headers) =>
        (_server, _spans, _metrics, _headers) = (server, spans, metrics, headers);

    /// <summary>For <c>OTEL_EXPORTER_OTLP_ENDPOINT</c>.</summary>
    public string Endpoint => _server.Address.ToString().TrimEnd('/');

    /// <summary>The spans so far.</summary>
    public IReadOnlyCollection<OtlpSpan> Spans => _spans;

    /// <summary>The metrics so far.</summary>
    public IReadOnlyCollection<OtlpMetric> Metrics => _metrics;

    /// <summary>The values of the header <c>x-key</c> so far.</summary>
    public IReadOnlyCollection<string> Keys => _headers;

    /// <summary>Starts it.</summary>
    public static async Task<OtlpReceiver> StartAsync()
    {
        ConcurrentQueue<OtlpSpan> spans = [];
        ConcurrentQueue<OtlpMetric> metrics = [];
        ConcurrentQueue<string> headers = [];
        var server = await ScriptedServer.StartAsync(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            headers.Enqueue(context.Request.Headers["x-key"].ToString());
            var message = new ProtobufMessage(body.ToArray());
            foreach (var resource in message.Messages(1))
            {
                var service = Attributes(resource.Messages(1).Single(), 1).GetValueOrDefault("service.name", "");
                foreach (var scope in resource.Messages(2))
                {
                    if (context.Request.Path == "/v1/traces")
                        Keep(spans, scope.Messages(2).Select(span => Span(service, span)));
                    else if (context.Request.Path == "/v1/metrics")
                        Keep(metrics, scope.Messages(2).Select(metric => Metric(service, metric)));
                }
            }
        });
        return new OtlpReceiver(server, spans, metrics, headers);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static void Keep<T>(ConcurrentQueue<T> kept, IEnumerable<T> items)
    {
        foreach (var item in items)
            kept.Enqueue(item);
    }

    private static OtlpSpan Span(string service, ProtobufMessage span) => new(
        service,
        span.Text(5),
        Convert.ToHexStringLower(span.Bytes(1).Span),
        Convert.ToHexStringLower(span.Bytes(2).Span),
        Convert.ToHexStringLower(span.Bytes(4).Span),
        (int)span.Number(6),
        Attributes(span, 9));

    private static OtlpMetric Metric(string service, ProtobufMessage metric)
    {
        // Gauge, sum and histogram have their points in the same field, and only the number of the attributes differs.
        var points = metric.Messages(5).Concat(metric.Messages(7)).SelectMany(data => data.Messages(1)).Select(point => Attributes(point, 7))
            .Concat(metric.Messages(9).SelectMany(data => data.Messages(1)).Select(point => Attributes(point, 9)));
        return new OtlpMetric(service, metric.Text(1), metric.Text(3), [.. points]);
    }

    private static Dictionary<string, string> Attributes(ProtobufMessage message, int number) =>
        message.Messages(number).ToDictionary(attribute => attribute.Text(1), attribute => Value(attribute.Messages(2).Single()));

    private static string Value(ProtobufMessage value) =>
        value.Text(1) is { Length: > 0 } text ? text : value.Number(3).ToString(CultureInfo.InvariantCulture);
}

/// <summary>A span as it arrived.</summary>
/// <param name="Service"><c>service.name</c></param>
/// <param name="Name">Its name.</param>
/// <param name="TraceId">In hex.</param>
/// <param name="SpanId">In hex.</param>
/// <param name="ParentSpanId">In hex; empty for a root.</param>
/// <param name="Kind">2 for a server's.</param>
/// <param name="Attributes">Texts and numbers.</param>
public sealed record OtlpSpan(
    string Service, string Name, string TraceId, string SpanId, string ParentSpanId, int Kind, IReadOnlyDictionary<string, string> Attributes);

/// <summary>A metric as it arrived.</summary>
/// <param name="Service"><c>service.name</c></param>
/// <param name="Name">Its name.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Points">The attributes of its points.</param>
public sealed record OtlpMetric(string Service, string Name, string Unit, IReadOnlyList<IReadOnlyDictionary<string, string>> Points);
