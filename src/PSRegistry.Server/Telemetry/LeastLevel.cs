using Microsoft.Extensions.Logging;
using PSRegistry.Server.Configuration;

namespace PSRegistry.Server.Telemetry;

/// <summary>The least severe level of a category, worked out once for each configuration.</summary>
internal sealed record LeastLevel(LogConfiguration Configuration, LogLevel Level)
{
    public static LeastLevel Of(LogConfiguration configuration, string category) => new(configuration, configuration.LevelOf(category));

    /// <summary>The level under the configuration that counts.</summary>
    public static LogLevel Current(ref LeastLevel known, LogConfiguration configuration, string category)
    {
        var least = Volatile.Read(ref known);
        if (!ReferenceEquals(least.Configuration, configuration))
            Volatile.Write(ref known, least = Of(configuration, category));
        return least.Level;
    }
}
