using System.Collections.ObjectModel;
using System.Text;

namespace PSRegistry.Server.Configuration;

/// <summary>What is sent to a collector of OpenTelemetry, by the standard variables <c>OTEL_*</c>. There are no keys for it.</summary>
public sealed record OtelConfiguration
{
    internal const string ServiceName = "psregistry";
    internal const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>Whether traces are sent.</summary>
    public bool Traces { get; init; }

    /// <summary>Whether metrics are sent.</summary>
    public bool Metrics { get; init; }

    /// <summary>Every <c>OTEL_*</c> variable. Never printed: headers may hold a key.</summary>
    public IReadOnlyDictionary<string, string?> Variables { get; init; } = ReadOnlyDictionary<string, string?>.Empty;

    internal string Signals => (Traces, Metrics) switch
    {
        (true, true) => "traces and metrics",
        (true, false) => "traces",
        _ => "metrics",
    };

    /// <summary>The host alone: a path or query may hold a key too.</summary>
    internal string Destination => Uri.TryCreate(Variables.GetValueOrDefault(Endpoint), UriKind.Absolute, out var uri)
        ? uri.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped)
        : "the collector";

    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append("Traces = ").Append(Traces).Append(", Metrics = ").Append(Metrics);
        return true;
    }
}
