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
        using (var provider = new RegistryLoggerProvider(new LogConfiguration(), output))
        using (var logging = new LoggerFactory([provider], new LoggerFilterOptions { MinLevel = LogLevel.Trace }))
        {
            var ours = logging.CreateLogger("PSRegistry.Server");
            var foreign = logging.CreateLogger("Microsoft.AspNetCore.Server.Kestrel");
            Assert.False(ours.IsEnabled(LogLevel.Debug));
            provider.Levels.Change(LogLevel.Debug);
            Assert.True(ours.IsEnabled(LogLevel.Debug) && foreign.IsEnabled(LogLevel.Debug));
            provider.Levels.Change(LogLevel.Error);
            Assert.False(ours.IsEnabled(LogLevel.Warning) || foreign.IsEnabled(LogLevel.Warning));
            provider.Levels.Change(LogLevel.Information);
            Assert.True(ours.IsEnabled(LogLevel.Information) && !foreign.IsEnabled(LogLevel.Information) && foreign.IsEnabled(LogLevel.Warning));
        }
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void Access_log_and_audit_have_switches_of_their_own(bool noAccess, bool noAudit)
    {
        var levels = new LogLevels(new LogConfiguration { Level = LogLevel.Error, AccessLogDisabled = noAccess, AuditDisabled = noAudit });
        levels.Change(LogLevel.Critical);
        Assert.Equal(!noAccess, levels.IsEnabled(LogLevels.KindOf(AccessLog.Category), LogLevel.Information));
        Assert.Equal(!noAudit, levels.IsEnabled(LogLevels.KindOf(AuditLog.Category), LogLevel.Information));
        Assert.False(levels.IsEnabled(LogLevels.KindOf("PSRegistry.Server"), LogLevel.Information));
    }
}
