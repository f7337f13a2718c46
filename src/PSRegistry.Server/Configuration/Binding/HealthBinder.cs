namespace PSRegistry.Server.Configuration;

/// <summary>Binds <c>health</c>.</summary>
internal static class HealthBinder
{
    private static readonly HealthInterval Defaults = new(TimeSpan.FromSeconds(10), 0);

    public static HealthConfiguration Bind(ValueReader values) => new()
    {
        StorageDriver = values.Boolean("health.storagedriver.enabled") is true ? When(values, "health.storagedriver") : null,
        Files = [.. Items(values, "health.file", File)],
        Addresses = [.. Items(values, "health.http", Address)],
        Ports = [.. Items(values, "health.tcp", Port)],
    };

    private static IEnumerable<T> Items<T>(ValueReader values, string list, Func<ValueReader, string, T?> bind) =>
        Enumerable.Range(0, values.Items(list).Count).Select(index => bind(values, $"{list}[{index}]")).OfType<T>();

    private static FileHealthCheck? File(ValueReader values, string at) =>
        Required(values, at + ".file") is { } file ? new FileHealthCheck(file, When(values, at)) : null;

    private static HttpHealthCheck? Address(ValueReader values, string at)
    {
        if (Required(values, at + ".uri") is not { } text) return null;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
        {
            // The text itself stays out of the message: it may hold a password before an @.
            values.Refuse(at + ".uri", "this is not an address to ask", "Write it as http://host:port/path");
            return null;
        }
        var check = new HttpHealthCheck(uri, When(values, at));
        return check with
        {
            StatusCode = values.Integer(at + ".statuscode") is > 0 and var status ? status : check.StatusCode,
            Timeout = Timeout(values, at) ?? check.Timeout,
            Headers = HeaderBinder.Bind(values, at + ".headers"),
        };
    }

    private static TcpHealthCheck? Port(ValueReader values, string at)
    {
        if (Required(values, at + ".addr") is not { } text) return null;
        if (!ListenAddress.TryParse(text, out var address))
        {
            values.Refuse(at + ".addr", $"\"{text}\" is not an address to connect to", "Write host:port or [ipv6]:port");
            return null;
        }
        var check = new TcpHealthCheck(address, When(values, at));
        return check with { Timeout = Timeout(values, at) ?? check.Timeout };
    }

    /// <summary>Zero means the default, as in the original.</summary>
    private static HealthInterval When(ValueReader values, string at) => new(
        values.Duration(at + ".interval", TimeSpan.Zero) is { Ticks: > 0 } interval ? interval : Defaults.Interval,
        values.Integer(at + ".threshold") ?? Defaults.Threshold);

    private static TimeSpan? Timeout(ValueReader values, string at) =>
        values.Duration(at + ".timeout", TimeSpan.Zero) is { Ticks: > 0 } timeout ? timeout : null;

    private static string? Required(ValueReader values, string path)
    {
        if (values.Text(path) is { Length: > 0 } text) return text;
        values.Faults.Error(path, values.Origin(path), "it is required here and missing", "Write what is to be looked at");
        return null;
    }
}
