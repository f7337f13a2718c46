namespace PSRegistry.Server.Configuration;

/// <summary>
/// Reads the variables of OpenTelemetry. Unlike with the original, which sends traces to localhost unless it is told not to, something has to
/// ask: an exporter, or an endpoint.
/// </summary>
internal static class OtelBinder
{
    private const string Prefix = "OTEL_";
    private const string Protocol = "OTEL_EXPORTER_OTLP_PROTOCOL";

    private static readonly string[] Protocols = ["http/protobuf", "grpc"];

    public static OtelConfiguration? Bind(IReadOnlyDictionary<string, string> environment, FaultList faults)
    {
        var variables = environment.Where(variable => variable.Key.StartsWith(Prefix, StringComparison.Ordinal) && variable.Value.Length > 0)
            .ToDictionary(variable => variable.Key, variable => (string?)variable.Value, StringComparer.OrdinalIgnoreCase);
        if (variables.Count == 0 || "true".Equals(variables.GetValueOrDefault("OTEL_SDK_DISABLED"), StringComparison.OrdinalIgnoreCase))
            return null;
        var asked = new OtelConfiguration { Traces = IsAsked("TRACES", variables, faults), Metrics = IsAsked("METRICS", variables, faults), Variables = variables };
        if (!asked.Traces && !asked.Metrics)
            return null;
        foreach (var variable in variables.Keys.Where(key => key.StartsWith("OTEL_EXPORTER_OTLP", StringComparison.Ordinal)))
            Check(variable, variables[variable]!, faults);
        // The original's default, and the one that OpenTelemetry recommends; its library for .NET has another.
        variables.TryAdd(Protocol, Protocols[0]);
        return asked;
    }

    private static bool IsAsked(string signal, Dictionary<string, string?> variables, FaultList faults)
    {
        var variable = $"OTEL_{signal}_EXPORTER";
        switch (variables.GetValueOrDefault(variable))
        {
            case null:
                return variables.ContainsKey(OtelConfiguration.Endpoint) || variables.ContainsKey($"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT");
            case "otlp":
                return true;
            case "none":
                return false;
            case var other:
                Warn(faults, variable, $"\"{other}\" is no exporter of this registry; nothing is sent", "Write otlp or none");
                return false;
        }
    }

    private static void Check(string variable, string value, FaultList faults)
    {
        if (variable.EndsWith("_PROTOCOL", StringComparison.Ordinal) && !Protocols.Contains(value))
            Warn(faults, variable, $"\"{value}\" is no protocol of this registry", $"Write one of {string.Join(", ", Protocols)}");
        // The text itself stays out of the message: it may hold a key.
        else if (variable.EndsWith("_ENDPOINT", StringComparison.Ordinal) && !(Uri.TryCreate(value, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"))
            Warn(faults, variable, "this is not the address of a collector", "Write it as http://host:4318");
    }

    private static void Warn(FaultList faults, string variable, string message, string remedy) => faults.Warning(variable, new Origin(variable), message, remedy);
}
