using Microsoft.Extensions.Logging;

namespace PSRegistry.Server.Tests.Configuration;

public sealed class LogKeyTests
{
    [Theory]
    [InlineData("error", LogLevel.Error)]
    [InlineData("warn", LogLevel.Warning)]
    [InlineData("INFO", LogLevel.Information)]
    [InlineData("Debug", LogLevel.Debug)]
    public void Levels_are_those_of_the_original_in_any_case(string text, LogLevel level) =>
        Assert.Equal(level, Given.Variables(("REGISTRY_LOG_LEVEL", text)).Clean().Log.Level);

    [Fact]
    public void The_deprecated_level_works_and_yields_to_the_new_one()
    {
        var old = Given.File(Given.Minimum + "loglevel: debug\n");
        Assert.Equal(("loglevel", "Write log.level instead"), (old.OnlyWarning().KeyPath, old.Faults[0].Remedy));
        Assert.Equal(LogLevel.Debug, old.Configuration!.Log.Level);
        Assert.Equal(LogLevel.Error, Given.File(Given.Minimum + "loglevel: debug\nlog: {level: error}\n").Configuration!.Log.Level);
    }

    [Fact]
    public void A_field_that_is_no_single_value_is_left_out_with_a_warning()
    {
        var result = Given.File(Given.Minimum + "log:\n  fields:\n    zone: 7\n    tags: [a, b]\n");
        Assert.Equal(("log.fields.tags", "config.yml:6"), (result.OnlyWarning().KeyPath, result.Faults[0].Origin));
        Assert.Equal("7", Assert.Single(result.Configuration!.Log.Fields).Value);
    }
}
