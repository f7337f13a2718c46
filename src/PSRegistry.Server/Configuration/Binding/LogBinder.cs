using System.Collections.ObjectModel;
using Microsoft.Extensions.Logging;

namespace PSRegistry.Server.Configuration;

/// <summary>Binds <c>log</c> and the deprecated <c>loglevel</c>.</summary>
internal static class LogBinder
{
    public static LogConfiguration Bind(ValueReader values)
    {
        var defaults = new LogConfiguration();
        return new()
        {
            Level = Level(values, "log.level") ?? Level(values, "loglevel") ?? defaults.Level,
            Formatter = Formatter(values) ?? defaults.Formatter,
            Fields = Fields(values),
            AccessLogDisabled = values.Boolean("log.accesslog.disabled") ?? defaults.AccessLogDisabled,
            AuditDisabled = values.Boolean("log.audit.disabled") ?? defaults.AuditDisabled,
            AuditPath = values.Text("log.audit.path") is { Length: > 0 } path ? path : null,
        };
    }

    private static LogLevel? Level(ValueReader values, string path) => EmptyIsUnset(values, path) ? null : values.Choice(path, "error", "warn", "info", "debug") switch
    {
        "error" => LogLevel.Error,
        "warn" => LogLevel.Warning,
        "info" => LogLevel.Information,
        "debug" => LogLevel.Debug,
        _ => null,
    };

    private static LogFormatter? Formatter(ValueReader values)
    {
        const string Path = "log.formatter";
        return EmptyIsUnset(values, Path)
            ? null
            : values.Choice(Path, "text", "json", "logstash") switch
            {
                "text" => LogFormatter.Text,
                "json" => LogFormatter.Json,
                "logstash" => LogFormatter.Logstash,
                _ => null,
            };
    }

    private static ReadOnlyDictionary<string, string> Fields(ValueReader values)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in (values.Node("log.fields") as MappingNode)?.Entries ?? [])
        {
            if (entry.Value is ScalarNode value)
                fields[entry.Key] = value.Text;
            else
                values.Faults.Warning(
                    $"log.fields.{entry.Key}", entry.Origin, "a field holds one value; it is left out", "Write one value");
        }
        return fields.AsReadOnly();
    }

    private static bool EmptyIsUnset(ValueReader values, string path) => values.Text(path) is "";
}
