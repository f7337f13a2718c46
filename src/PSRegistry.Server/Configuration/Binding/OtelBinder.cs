using System.Globalization;

namespace PSRegistry.Server.Configuration;

/// <summary>
/// Reads the variables of OpenTelemetry. Unlike with the original, which sends traces to localhost unless it is told not to, something has to
/// ask: an exporter, or an endpoint.
/// </summary>
internal static class OtelBinder
{
    private const string Prefix = "OTEL_";
    private const string ExportInterval = "OTEL_METRIC_EXPORT_INTERVAL";
    private const string Protocol = "OTEL_EXPORTER_OTLP_PROTOCOL";

    private static readonly string[] Protocols = ["http/protobuf", "grpc"];

    public static OtelConfiguration? Bind(IReadOnlyDictionary<string, string> environment, FaultList faults)
    {
        var variables = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in environment)
        {
            if (name.StartsWith(Prefix, StringComparison.Ordinal) && value.Length > 0)
                variables[name] = value;
        }
        if (variables.Count == 0 || "true".Equals(variables.GetValueOrDefault("OTEL_SDK_DISABLED"), StringComparison.OrdinalIgnoreCase))
            return null;
        var asked = new OtelConfiguration { Traces = IsAsked("TRACES", variables, faults), Metrics = IsAsked("METRICS", variables, faults), Variables = variables };
        if (!asked.Traces && !asked.Metrics)
            return null;
        foreach (var (variable, value) in variables.Where(variable => IsOfExport(variable.Key)).ToList())
        {
            if (!Check(variable, value!, faults))
                variables.Remove(variable);
        }
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

    private static bool IsOfExport(string variable) =>
        variable == ExportInterval || (variable.StartsWith("OTEL_EXPORTER_OTLP", StringComparison.Ordinal) && !variable.Contains("_LOGS_", StringComparison.Ordinal));

    /// <summary>Tells what is wrong; false for what the library must not see, because it fails at it.</summary>
    private static bool Check(string variable, string value, FaultList faults)
    {
        if (variable.EndsWith("_PROTOCOL", StringComparison.Ordinal) && !Protocols.Contains(value))
            Warn(faults, variable, $"\"{value}\" is no protocol of this registry", $"Write one of {string.Join(", ", Protocols)}");
        // The text itself stays out of the message: it may hold a key.
        else if (variable.EndsWith("_ENDPOINT", StringComparison.Ordinal) && !(Uri.TryCreate(value, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"))
            Warn(faults, variable, "this is not the address of a collector", "Write it as http://host:4318");
        else if (variable.EndsWith("_HEADERS", StringComparison.Ordinal) && !AreHeaders(value))
            // Sent without its key, everything would be refused: that is no way to go on.
            faults.Error(variable, new Origin(variable), "these are no headers", "Write them as name=value,other=value; a comma or percent sign in a value as %2C or %25");
        else if (variable.EndsWith("_TIMEOUT", StringComparison.Ordinal) || variable == ExportInterval)
            return IsTime(variable, value, faults);
        return true;
    }

    private static bool IsTime(string variable, string value, FaultList faults)
    {
        if (int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds) && milliseconds > 0)
            return true;
        Warn(faults, variable, $"\"{value}\" is no time; the default counts", "Write milliseconds, such as 10000");
        return false;
    }

    /// <summary>Whether they can be read and sent, as the library reads them: decoded first.</summary>
    private static bool AreHeaders(string text)
    {
        using var request = new HttpRequestMessage();
        return Uri.UnescapeDataString(text).TrimEnd(',').Split(',').All(header =>
            header.IndexOf('=', StringComparison.Ordinal) is > 0 and var end
            && !header.Any(char.IsControl)
            && request.Headers.TryAddWithoutValidation(header[..end].Trim(), header[(end + 1)..].Trim()));
    }

    private static void Warn(FaultList faults, string variable, string message, string remedy) => faults.Warning(variable, new Origin(variable), message, remedy);
}
