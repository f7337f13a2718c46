using System.Collections.ObjectModel;
using Microsoft.Extensions.Logging;

namespace PSRegistry.Server.Configuration;

/// <summary>The <c>log</c> section.</summary>
public sealed record LogConfiguration
{
    /// <summary>
    /// The least severe level that is written. Key <c>log.level</c> (<c>error</c>, <c>warn</c>, <c>info</c>, <c>debug</c>), or the
    /// deprecated <c>loglevel</c>. Default: <see cref="LogLevel.Information"/>.
    /// </summary>
    public LogLevel Level { get; init; } = LogLevel.Information;

    /// <summary>The shape of a log line. Key <c>log.formatter</c>. Default: <see cref="LogFormatter.Text"/>.</summary>
    public LogFormatter Formatter { get; init; } = LogFormatter.Text;

    /// <summary>Fixed fields that every log line carries. Key <c>log.fields</c>. Default: none.</summary>
    public IReadOnlyDictionary<string, string> Fields { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>Whether the line per request is left out. Key <c>log.accesslog.disabled</c>. Default: false.</summary>
    public bool AccessLogDisabled { get; init; }

    /// <summary>
    /// Whether it is not written down who pushed, deleted, mounted, logged in or was refused. Key <c>log.audit.disabled</c>. Default: false.
    /// </summary>
    public bool AuditDisabled { get; init; }

    /// <summary>
    /// The file that it is written to instead of the log, as lines of JSON. Key <c>log.audit.path</c>. Default: null, the log.
    /// </summary>
    public string? AuditPath { get; init; }
}

/// <summary>The shape of a log line.</summary>
public enum LogFormatter
{
    /// <summary>Readable <c>key=value</c> text.</summary>
    Text,

    /// <summary>One JSON object per line.</summary>
    Json,

    /// <summary>The same under Logstash's names: <c>@timestamp</c>, <c>@version</c>, <c>message</c>.</summary>
    Logstash,
}
