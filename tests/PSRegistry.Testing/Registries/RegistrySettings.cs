using System.Globalization;
using System.Text;

namespace PSRegistry.Testing;

/// <summary>How a registry under test is set up. The original and ours read the same config.yml, so one writer serves both.</summary>
public sealed record RegistrySettings
{
    /// <summary>The data folder (<c>storage.filesystem.rootdirectory</c>).</summary>
    public required string DataFolder { get; init; }

    /// <summary>The port on 127.0.0.1.</summary>
    public int Port { get; init; } = FreePort.Next();

    /// <summary><c>http.secret</c>; null leaves it out.</summary>
    public string? Secret { get; init; }

    /// <summary><c>http.draintimeout</c>; null leaves it out.</summary>
    public TimeSpan? DrainTimeout { get; init; }

    /// <summary><c>storage.delete.enabled</c>.</summary>
    public bool DeleteEnabled { get; init; } = true;

    /// <summary>Further lines below <c>http:</c>, each indented by two spaces.</summary>
    public string ExtraHttp { get; init; } = "";

    /// <summary>Further top-level keys, as YAML.</summary>
    public string ExtraYaml { get; init; } = "";

    /// <summary>Variables of the program, such as <c>REGISTRY_LOG_LEVEL</c>.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>The config.yml.</summary>
    public string ToYaml()
    {
        var yaml = new StringBuilder();
        void Line(FormattableString line) => yaml.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
        Line($"version: 0.1");
        Line($"storage:");
        Line($"  filesystem:");
        Line($"    rootdirectory: '{DataFolder}'");
        Line($"  delete:");
        Line($"    enabled: {(DeleteEnabled ? "true" : "false")}");
        Line($"http:");
        Line($"  addr: 127.0.0.1:{Port}");
        if (Secret is not null)
        {
            Line($"  secret: '{Secret}'");
        }

        if (DrainTimeout is { } drain)
        {
            Line($"  draintimeout: {drain.TotalMilliseconds}ms");
        }

        return yaml.Append(ExtraHttp).Append(ExtraYaml).ToString();
    }
}
