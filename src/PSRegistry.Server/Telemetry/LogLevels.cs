using Microsoft.Extensions.Logging;
using PSRegistry.Server.Configuration;
using PSRegistry.Server.Http;

namespace PSRegistry.Server.Telemetry;

/// <summary>
/// Which lines of which part of the server are of use to an operator. The level can be changed while the server runs: loggers look here
/// at every line.
/// </summary>
public sealed class LogLevels
{
    private readonly LogLevel _access;
    private readonly LogLevel _audit;
    private volatile LogLevel _level;

    /// <summary>Begins with what the configuration says.</summary>
    public LogLevels(LogConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        _access = configuration.AccessLogDisabled ? LogLevel.None : LogLevel.Information;
        _audit = configuration.AuditDisabled ? LogLevel.None : LogLevel.Information;
        _level = configuration.Level;
    }

    /// <summary>The least severe level that is written, of all but the access log and the audit, which have switches of their own.</summary>
    public LogLevel Level => _level;

    /// <summary>Changes it, for the lines from now on.</summary>
    public void Change(LogLevel level) => _level = level;

    /// <summary>What a category is to the loggers, so that they need not look at its name at every line.</summary>
    internal static Kind KindOf(string category) => category switch
    {
        AccessLog.Category => Kind.Access,
        AuditLog.Category => Kind.Audit,
        _ when category.StartsWith("PSRegistry", StringComparison.Ordinal) => Kind.Ours,
        _ => Kind.Foreign,
    };

    internal bool IsEnabled(Kind kind, LogLevel level) => level != LogLevel.None && level >= kind switch
    {
        Kind.Access => _access,
        Kind.Audit => _audit,
        Kind.Foreign => ForeignLevel(_level),
        _ => _level,
    };

    /// <summary>Of the web server's own chatter, which is for its developers, only what is wrong.</summary>
    private static LogLevel ForeignLevel(LogLevel level) => level is LogLevel.Information ? LogLevel.Warning : level;

    /// <summary>Whose lines they are.</summary>
    internal enum Kind
    {
        /// <summary>The registry's.</summary>
        Ours,

        /// <summary>A library's.</summary>
        Foreign,

        /// <summary>The line for each request.</summary>
        Access,

        /// <summary>Who did what.</summary>
        Audit,
    }
}
