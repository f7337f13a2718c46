using System.Net;
using PSRegistry.Server.Configuration;
using PSRegistry.Testing;

namespace PSRegistry.Server.Tests.Telemetry;

/// <summary>What a collector of OpenTelemetry is sent.</summary>
public sealed class OtlpTests : IAsyncDisposable
{
    private const string Trace = "0af7651916cd43dd8448eb211c80319c";
    private const string Parent = "b7ad6b7169203331";

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync() => await _folder.DisposeAsync();

    [Fact]
    public async Task Each_request_is_a_span_by_its_route_below_the_one_that_the_client_tells_of()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        string log;
        await using (var registry = await StartAsync(("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.Endpoint), ("OTEL_EXPORTER_OTLP_HEADERS", "x-key=swordfish")))
        {
            await TinyImages.PushAsync(registry.Http, "team/app", "1.0", TestBytes.Make(100), Token);
            await registry.Http.SendAsync(HttpMethod.Get, "/v2/team/app/manifests/1.0?secret=swordfish", null, new Dictionary<string, string> { ["traceparent"] = $"00-{Trace}-{Parent}-01" }, Token);
            await registry.DisposeAsync();
            log = string.Join('\n', registry.LogLines);
        }
        var span = Assert.Single(receiver.Spans, span => span.TraceId == Trace && span.Kind == 2);
        Assert.Equal(("psregistry", "GET /v2/{name}/manifests/{reference}", Parent), (span.Service, span.Name, span.ParentSpanId));
        Assert.Equal("200", span.Attributes["http.response.status_code"]);
        Assert.Equal(("GET", "/v2/{name}/manifests/{reference}", "/v2/team/app/manifests/1.0"), (span.Attributes["http.request.method"], span.Attributes["http.route"], span.Attributes["url.path"]));
        Assert.Equal(("team/app", "127.0.0.1", "1.1"), (span.Attributes["psregistry.repository"], span.Attributes["server.address"], span.Attributes["network.protocol.version"]));
        var storage = receiver.Spans.Where(other => other.TraceId == Trace && other.ParentSpanId == span.SpanId).ToList();
        Assert.Contains(storage, other => other.Name == "GetContent" && other.Attributes["psregistry.storage.driver"] == "filesystem");
        Assert.Contains(receiver.Spans, other => other.Name == "PUT /v2/{name}/manifests/{reference}" && other.ParentSpanId.Length == 0);
        // The line of the access log leads to the trace; and neither log nor trace tells a secret.
        Assert.Contains($"trace_id={Trace}", log, StringComparison.Ordinal);
        Assert.DoesNotContain("swordfish", log, StringComparison.Ordinal);
        Assert.DoesNotContain(receiver.Spans, other => other.Attributes.Values.Any(value => value.Contains("swordfish", StringComparison.Ordinal)));
        Assert.Contains("swordfish", receiver.Keys);
    }

    [Fact]
    public async Task The_instruments_that_Prometheus_fetches_are_sent_too()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using (var registry = await StartAsync(
            ("OTEL_METRICS_EXPORTER", "otlp"), ("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", receiver.Endpoint + "/v1/metrics"), ("OTEL_SERVICE_NAME", "mine")))
        {
            await registry.Http.GetAsync("/v2/", Token);
        }
        var requests = receiver.Metrics.First(metric => metric is { Service: "mine", Name: "registry.http.requests" });
        Assert.Contains(requests.Points, point => point["handler"] == "base" && point["code"] == "200" && point["method"] == "get");
        Assert.Contains(receiver.Metrics, metric => metric is { Name: "registry.http.request.duration", Unit: "s" });
        Assert.Contains(receiver.Metrics, metric => metric.Name == "dotnet.gc.collections");
        Assert.Empty(receiver.Spans);
    }

    [Fact]
    public async Task A_sampler_that_takes_none_sends_none()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using (var registry = await StartAsync(
            ("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.Endpoint), ("OTEL_TRACES_SAMPLER", "always_off"), ("OTEL_METRICS_EXPORTER", "none")))
        {
            (await registry.Http.GetAsync("/v2/", Token)).MustBe(HttpStatusCode.OK);
        }
        Assert.Empty(receiver.Spans);
        Assert.Empty(receiver.Metrics);
    }

    [Fact]
    public async Task A_collector_that_is_gone_keeps_nobody_from_stopping()
    {
        await using var registry = await StartAsync(("OTEL_EXPORTER_OTLP_ENDPOINT", $"http://127.0.0.1:{FreePort.Next()}"));
        (await registry.Http.GetAsync("/v2/", Token)).MustBe(HttpStatusCode.OK);
        await registry.DisposeAsync();
    }

    [Theory]
    [InlineData("OTEL_SERVICE_NAME=mine")]
    [InlineData("OTEL_TRACES_EXPORTER=none")]
    [InlineData("OTEL_SDK_DISABLED=true OTEL_EXPORTER_OTLP_ENDPOINT=http://a:4318")]
    [InlineData("OTEL_TRACES_EXPORTER=none OTEL_METRICS_EXPORTER=none OTEL_EXPORTER_OTLP_ENDPOINT=http://a:4318")]
    public void What_does_not_ask_for_it_loads_nothing(string variables)
    {
        var faults = new FaultList();
        Assert.Null(OtelBinder.Bind(Variables(variables), faults));
        Assert.Equal(0, faults.Count);
    }

    [Fact]
    public void Two_variables_that_differ_by_case_are_one() =>
        Assert.NotNull(OtelBinder.Bind(new Dictionary<string, string> { ["OTEL_TRACES_EXPORTER"] = "otlp", ["OTEL_service_NAME"] = "a", ["OTEL_SERVICE_NAME"] = "b" }, new FaultList()));

    [Theory]
    [InlineData("OTEL_TRACES_EXPORTER=zipkin", "OTEL_TRACES_EXPORTER")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=collector:4318", "OTEL_EXPORTER_OTLP_ENDPOINT")]
    [InlineData("OTEL_TRACES_EXPORTER=otlp OTEL_EXPORTER_OTLP_PROTOCOL=http/json", "OTEL_EXPORTER_OTLP_PROTOCOL")]
    [InlineData("OTEL_TRACES_EXPORTER=otlp OTEL_EXPORTER_OTLP_TRACES_TIMEOUT=0", "OTEL_EXPORTER_OTLP_TRACES_TIMEOUT")]
    [InlineData("OTEL_METRICS_EXPORTER=otlp OTEL_METRIC_EXPORT_INTERVAL=often", "OTEL_METRIC_EXPORT_INTERVAL")]
    public void What_cannot_be_done_is_a_warning_that_names_the_variable(string variables, string named)
    {
        var faults = new FaultList();
        OtelBinder.Bind(Variables(variables), faults);
        Assert.Equal(named, Assert.Single(faults.InOrder()).KeyPath);
        Assert.False(faults.HasErrors);
    }

    [Theory]
    [InlineData("swordfish")]
    [InlineData("a=b,swordfish")]
    [InlineData("=swordfish")]
    [InlineData("sword fish=b")]
    [InlineData("key=sword%0Afish")]
    [InlineData(",,")]
    public void Headers_that_are_none_are_a_fault_that_tells_the_variable_and_not_the_key(string headers)
    {
        var faults = new FaultList();
        OtelBinder.Bind(new Dictionary<string, string> { ["OTEL_TRACES_EXPORTER"] = "otlp", ["OTEL_EXPORTER_OTLP_HEADERS"] = headers }, faults);
        var fault = Assert.Single(faults.InOrder());
        Assert.Equal((FaultSeverity.Error, "OTEL_EXPORTER_OTLP_HEADERS"), (fault.Severity, fault.KeyPath));
        Assert.DoesNotContain("fish", $"{fault}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("key=swordfish")]
    [InlineData("a=b, c=d=e,")]
    [InlineData("authorization=Basic%20YTpi")]
    [InlineData("a=")]
    public void Headers_are_taken_as_they_are_meant(string headers)
    {
        var faults = new FaultList();
        OtelBinder.Bind(new Dictionary<string, string> { ["OTEL_TRACES_EXPORTER"] = "otlp", ["OTEL_EXPORTER_OTLP_HEADERS"] = headers }, faults);
        Assert.Equal(0, faults.Count);
    }

    [Fact]
    public async Task What_the_library_cannot_use_stops_the_start_and_leaves_nothing_behind()
    {
        var audit = _folder["audit.jsonl"];
        var fault = await Assert.ThrowsAsync<RegistryStartException>(() => TestRegistry.StartAsync(configuration => configuration with
        {
            Log = configuration.Log with { AuditPath = audit },
            Otel = new OtelConfiguration { Traces = true, Metrics = true, Variables = new Dictionary<string, string?> { ["OTEL_EXPORTER_OTLP_METRICS_HEADERS"] = "swordfish" } },
        }));
        Assert.Contains("OTEL_EXPORTER_OTLP_METRICS_HEADERS", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("swordfish", $"{fault}", StringComparison.Ordinal);
        Assert.False(PSRegistry.Server.Http.RequestSpans.AreWanted);
        await using var registry = await StartAsync();
    }

    [Fact]
    public void Headers_are_printed_nowhere() =>
        Assert.DoesNotContain("swordfish", $"{new RegistryConfiguration { Otel = OtelBinder.Bind(Variables("OTEL_TRACES_EXPORTER=otlp OTEL_EXPORTER_OTLP_HEADERS=key=swordfish"), new FaultList()) }}", StringComparison.Ordinal);

    private static Dictionary<string, string> Variables(string text) =>
        text.Split(' ').Select(variable => variable.Split('=', 2)).ToDictionary(parts => parts[0], parts => parts[1]);

    private Task<TestRegistry> StartAsync(params (string Name, string Value)[] variables) => TestRegistry.StartAsync(configuration => configuration with
    {
        Otel = OtelBinder.Bind(variables.ToDictionary(variable => variable.Name, variable => variable.Value), new FaultList()),
        Storage = configuration.Storage with { Driver = StorageDriverKind.FileSystem, RootDirectory = _folder["data"] },
    });
}
