using PSRegistry.Server.Configuration;

namespace PSRegistry.Server.Tests.Configuration;

public sealed class AuthKeyTests
{
    [Fact]
    public void Htpasswd_has_a_realm_and_a_file()
    {
        var htpasswd = Given.File(Given.Minimum + "auth: {htpasswd: {realm: My Registry, path: /nowhere/users}}\n").Clean().Auth.Htpasswd;
        Assert.Equal(new HtpasswdConfiguration("My Registry", "/nowhere/users"), htpasswd);
    }

    [Fact]
    public void Variables_alone_are_enough() => Assert.Equal(new HtpasswdConfiguration("a", "/nowhere/users"), Given.Variables(
        ("REGISTRY_AUTH", "htpasswd"), ("REGISTRY_AUTH_HTPASSWD_REALM", "a"), ("REGISTRY_AUTH_HTPASSWD_PATH", "/nowhere/users")).Clean().Auth.Htpasswd);

    [Fact]
    public void A_variable_overrules_the_file() => Assert.Equal("/nowhere/others", Given.File(
        Given.Minimum + "auth: {htpasswd: {realm: a, path: /nowhere/users}}\n", ("REGISTRY_AUTH_HTPASSWD_PATH", "/nowhere/others")).Clean().Auth.Htpasswd?.Path);

    [Theory]
    [InlineData("auth: none")]
    [InlineData("auth: {none: {}}")]
    [InlineData("auth: {none: }")]
    [InlineData("auth: ")]
    public void Nobody_logs_in_where_none_is_chosen(string line) => Assert.Null(Given.File($"{Given.Minimum}{line}\n").Clean().Auth.Htpasswd);

    [Fact]
    public void Two_ways_to_log_in_are_one_too_many() => Assert.Equal("auth.htpasswd", Given.File(
        Given.Minimum + "auth: {none: {}, htpasswd: {realm: a, path: /nowhere/users}}\n").OnlyError().KeyPath);

    [Fact]
    public void The_stand_in_for_tokens_is_a_warning()
    {
        var result = Given.File(Given.Minimum + "auth: {silly: {realm: 'http://a/token', service: b}}\n");
        Assert.Equal(new SillyConfiguration("http://a/token", "b"), result.Configuration!.Auth.Silly);
        var fault = result.OnlyWarning();
        Assert.Equal(("auth.silly", "config.yml:3"), (fault.KeyPath, fault.Origin));
        Assert.Contains("everybody", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_stand_in_lacks_nothing() => Assert.Equal(
        ["auth.silly.realm", "auth.silly.service"],
        Given.File(Given.Minimum + "auth: silly\n").Faults.Where(fault => fault.Severity is FaultSeverity.Error).Select(fault => fault.KeyPath));
}
