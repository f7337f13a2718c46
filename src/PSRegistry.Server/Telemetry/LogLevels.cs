using Microsoft.Extensions.Logging;
using PSRegistry.Server.Configuration;
using PSRegistry.Server.Http;

namespace PSRegistry.Server.Telemetry;

/// <summary>Which lines of which part of the server are of use to an operator.</summary>
internal static class LogLevels
{
    /// <summary>The least severe level of a category. Of the web server's own chatter, which is for its developers, only what is wrong.</summary>
    public static LogLevel LevelOf(this LogConfiguration configuration, string category)
    {
        if (category == AccessLog.Category)
            return configuration.AccessLogDisabled ? LogLevel.None : LogLevel.Information;
        if (category == AuditLog.Category)
            return configuration.AuditDisabled ? LogLevel.None : LogLevel.Information;
        var isOurs = category.StartsWith("PSRegistry", StringComparison.Ordinal);
        return isOurs || configuration.Level >= LogLevel.Warning || configuration.Level <= LogLevel.Debug ? configuration.Level : LogLevel.Warning;
    }
}
