using PSRegistry.Server.Health;

namespace PSRegistry.Server.Configuration;

/// <summary>Binds <c>http.debug.prometheus</c>.</summary>
internal static class MetricsBinder
{
    private const string Enabled = "http.debug.prometheus.enabled";
    private const string At = "http.debug.prometheus.path";

    /// <summary>Where the metrics are; null where there are none.</summary>
    public static string? Bind(ValueReader values)
    {
        var path = values.Text(At) is { Length: > 0 } text ? text : "/metrics";
        if (path[0] != '/' || path.AsSpan().ContainsAny(" ?#%") || DebugListener.TakenPaths.Contains(path))
        {
            values.Refuse(At, $"\"{path}\" cannot be the path of the metrics", $"Write a path such as /metrics, and none of {string.Join(", ", DebugListener.TakenPaths)}");
            return null;
        }
        if (values.Boolean(Enabled) is not true)
            return null;
        if (values.Text("http.debug.addr") is null or "")
            values.Faults.Warning(Enabled, values.Origin(Enabled), "there is no address to fetch the metrics from", "Write http.debug.addr: 127.0.0.1:5001");
        return path;
    }
}
