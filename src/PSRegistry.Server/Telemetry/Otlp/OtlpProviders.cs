using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using PSRegistry.Server.Configuration;
using PSRegistry.Server.Http;
using PSRegistry.Storage.Drivers;

namespace PSRegistry.Server.Telemetry;

/// <summary>The libraries of OpenTelemetry, told what the variables say.</summary>
internal sealed class OtlpProviders : IDisposable
{
    private readonly TracerProvider? _traces;
    private readonly MeterProvider? _metrics;

    public OtlpProviders(OtelConfiguration asked)
    {
        var variables = new ConfigurationBuilder().AddInMemoryCollection(asked.Variables).Build();
        try
        {
            if (asked.Traces)
                _traces = Trace(asked, variables);
            if (asked.Metrics)
                _metrics = Measure(asked, variables);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _traces?.Dispose();
        _metrics?.Dispose();
    }

    private static TracerProvider Trace(OtelConfiguration asked, IConfiguration variables) => Sdk.CreateTracerProviderBuilder()
        .ConfigureServices(services => services.AddSingleton(variables))
        .ConfigureResource(Describe)
        .AddSource(RequestSpans.SourceName, MeasuredDriver.SpanSource)
        .AddOtlpExporter(options => Settle(options, "TRACES", asked.Variables))
        .Build();

    private static MeterProvider Measure(OtelConfiguration asked, IConfiguration variables) => Sdk.CreateMeterProviderBuilder()
        .ConfigureServices(services => services.AddSingleton(variables))
        .ConfigureResource(Describe)
        .AddMeter(ServerMeters.All, MetricStore.Runtime)
        .AddOtlpExporter(options => Settle(options, "METRICS", asked.Variables))
        .Build();

    /// <summary>The variables of one signal alone, which the library leaves to its caller. Their endpoint is taken as it is written.</summary>
    private static void Settle(OtlpExporterOptions options, string signal, IReadOnlyDictionary<string, string?> variables)
    {
        string? Of(string name) => variables.GetValueOrDefault($"OTEL_EXPORTER_OTLP_{signal}_{name}");
        if (Of("PROTOCOL") is { } protocol)
            options.Protocol = protocol == "grpc" ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;
        if (Uri.TryCreate(Of("ENDPOINT"), UriKind.Absolute, out var endpoint))
            options.Endpoint = endpoint;
        if (Of("HEADERS") is { } headers)
            options.Headers = headers;
        if (int.TryParse(Of("TIMEOUT"), NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds))
            options.TimeoutMilliseconds = milliseconds;
    }

    /// <summary>What the variables say comes last, and counts.</summary>
    private static void Describe(ResourceBuilder resource) => resource
        .Clear()
        .AddService(OtelConfiguration.ServiceName, serviceVersion: typeof(OtlpProviders).Assembly.GetName().Version!.ToString(3))
        .AddTelemetrySdk()
        .AddEnvironmentVariableDetector();
}
