using Microsoft.Extensions.Logging;
using PSRegistry.Server.Configuration;
using PSRegistry.Server.Http;
using PSRegistry.Server.Telemetry;

namespace PSRegistry.Server.Tests.Telemetry;

/// <summary>What is written, and what it takes to change that.</summary>
public sealed class LogLevelsTests
{
    [Fact]
    public void A_level_that_is_changed_counts_for_loggers_that_are_there()
    {
        using var output = new StringWriter();
        using var provider = new RegistryLoggerProvider(new LogConfiguration(), output);
        using var logging = new LoggerFactory([provider], new LoggerFilterOptions { MinLevel = LogLevel.Trace });
        var ours = logging.CreateLogger("PSRegistry.Server");
        var foreign = logging.CreateLogger("Microsoft.AspNetCore.Server.Kestrel");
        Assert.False(ours.IsEnabled(LogLevel.Debug));
        provider.Apply(new LogConfiguration { Level = LogLevel.Debug });
        Assert.True(ours.IsEnabled(LogLevel.Debug) && foreign.IsEnabled(LogLevel.Debug));
        provider.Apply(new LogConfiguration { Level = LogLevel.Error });
        Assert.False(ours.IsEnabled(LogLevel.Warning) || foreign.IsEnabled(LogLevel.Warning));
        provider.Apply(new LogConfiguration());
        Assert.True(ours.IsEnabled(LogLevel.Information) && !foreign.IsEnabled(LogLevel.Information) && foreign.IsEnabled(LogLevel.Warning));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void Access_log_and_audit_have_switches_of_their_own(bool noAccess, bool noAudit)
    {
        var log = new LogConfiguration { Level = LogLevel.Critical, AccessLogDisabled = noAccess, AuditDisabled = noAudit };
        Assert.Equal(noAccess ? LogLevel.None : LogLevel.Information, log.LevelOf(AccessLog.Category));
        Assert.Equal(noAudit ? LogLevel.None : LogLevel.Information, log.LevelOf(AuditLog.Category));
        Assert.Equal(LogLevel.Critical, log.LevelOf("PSRegistry.Server"));
    }
}
