using PSRegistry.Server.Configuration;

namespace PSRegistry.Server.Tests.Configuration;

public sealed class AccessKeyTests
{
    [Fact]
    public void A_rule_is_read_with_its_place_and_its_groups()
    {
        var access = Given.File(Given.Minimum + """
            access:
              groups:
                team: [bob, eve]
              rules:
                - {anonymous: true, actions: [pull]}
                - {users: [ann, '*'], groups: [team], repositories: [team/**], actions: [push, delete]}
            """).Clean().Access!;
        Assert.Equal((true, false, "config.yml:7"), (access.Rules[0].Anonymous, access.Rules[0].EveryUser, access.Rules[0].Origin));
        Assert.Equal(["**"], access.Rules[0].Repositories);
        Assert.Equal((true, "config.yml:8"), (access.Rules[1].EveryUser, access.Rules[1].Origin));
        Assert.Equal(["ann", "*", "bob", "eve"], access.Rules[1].Users);
        Assert.Equal([RegistryAction.Push, RegistryAction.Delete], access.Rules[1].Actions);
        Assert.Equal("""{users: [ann, "*"], groups: [team], repositories: ["team/**"], actions: [push, delete]}""", access.Rules[1].Text);
    }

    [Theory]
    [InlineData("access: ", "access.rules", 3)]
    [InlineData("access: {}", "access.rules", 3)]
    [InlineData("access: {rules: []}", "access.rules", 3)]
    [InlineData("access: {rules: [{}]}", "access.rules[0]", 3)]
    [InlineData("access: {rules: [null]}", "access.rules[0]", 3)]
    [InlineData("access: {rules: [{actions: [pull]}]}", "access.rules[0]", 3)]
    [InlineData("access:\n  rules:\n  - {users: [ann], actions: [pul]}", "access.rules[0].actions", 5)]
    [InlineData("access:\n  rules:\n  - {users: [ann]}", "access.rules[0].actions", 5)]
    [InlineData("access:\n  rules:\n  - users: [ann]\n    actions: []", "access.rules[0].actions", 6)]
    [InlineData("access:\n  rules:\n  - {groups: [team], actions: [pull]}", "access.rules[0].groups", 5)]
    [InlineData("access:\n  rules:\n  - {users: [ann], actions: [pull], repositories: []}", "access.rules[0].repositories", 5)]
    [InlineData("access:\n  rules:\n  - {users: [ann], actions: [pull], repositories: [a, Team/x]}", "access.rules[0].repositories", 5)]
    [InlineData("access:\n  rules:\n  - {user: [ann], users: [ann], actions: [pull]}", "access.rules[0].user", 5)]
    [InlineData("access:\n  rules:\n  - {users: ann, anonymous: true, actions: [pull]}", "access.rules[0].users", 5)]
    [InlineData("access:\n  groups: {a: ann}\n  rules:\n  - {users: [ann], actions: [pull]}", "access.groups", 4)]
    [InlineData("access:\n  rule: []\n  rules:\n  - {users: [ann], actions: [pull]}", "access.rule", 4)]
    [InlineData("acess: {rules: [{users: [ann], actions: [pull]}]}", "acess", 3)]
    public void A_slip_is_an_error_with_key_and_line(string yaml, string key, int line)
    {
        var result = Given.File($"{Given.Minimum}{yaml}\n");
        Assert.Null(result.Configuration);
        Assert.Contains(result.Faults, fault => fault.Severity is FaultSeverity.Error && fault.KeyPath == key && fault.Origin == $"config.yml:{line}" && fault.Remedy.Length > 0);
    }

    [Fact]
    public void Strangers_where_passwords_are_asked_for_are_a_warning_and_with_an_issuer_they_are_none()
    {
        const string Access = "access: {rules: [{anonymous: true, actions: [pull]}]}\n";
        var fault = Given.File(Given.Minimum + "auth: {htpasswd: {realm: a, path: /nowhere/users}}\n" + Access).OnlyWarning();
        Assert.Equal("access.rules", fault.KeyPath);
        Assert.Contains("auth.htpasswd.issuer", fault.Remedy, StringComparison.Ordinal);
        Given.File(Given.Minimum + "auth: {htpasswd: {realm: a, path: /nowhere/users, issuer: {}}}\n" + Access).Clean();
    }

    [Fact]
    public void A_group_without_a_rule_is_a_warning() => Assert.Equal("access.groups.team", Given.File(
        Given.Minimum + "access: {groups: {team: [ann]}, rules: [{users: [ann], actions: [pull]}]}\n").OnlyWarning().KeyPath);

    [Fact]
    public void A_variable_adds_a_user_to_a_group() => Assert.Equal(["ann", "bob"], Given.File(
        Given.Minimum + "access: {groups: {team: [ann]}, rules: [{groups: [team], actions: [pull]}]}\n", ("REGISTRY_ACCESS_GROUPS_TEAM_1", "bob")).Clean().Access!.Rules[0].Users);

    [Theory]
    [InlineData("issuer: {}")]
    [InlineData("issuer: ")]
    public void An_issuer_is_there_when_it_is_named(string issuer)
    {
        var configuration = Given.File(Given.Minimum + $"auth: {{htpasswd: {{realm: a, path: /nowhere/users, {issuer}}}}}\n").Clean();
        Assert.Equal(new IssuerConfiguration(), configuration.Auth.Htpasswd!.Issuer);
    }

    [Fact]
    public void All_of_it_can_be_said() => Assert.Equal(
        new IssuerConfiguration
        {
            Name = "me",
            Service = "reg.example",
            Expiration = TimeSpan.FromMinutes(10),
            RefreshExpiration = TimeSpan.FromDays(2),
            Rotation = TimeSpan.FromDays(1),
            Keys = "/nowhere/keys",
        },
        Given.File(Given.Minimum + "auth: {htpasswd: {realm: a, path: /nowhere/users, issuer: {name: me, service: reg.example, expiration: 10m, refreshexpiration: 48h, rotation: 24h, keys: /nowhere/keys}}}\n")
            .Clean().Auth.Htpasswd!.Issuer);

    [Theory]
    [InlineData("expiration: 59s", "expiration")]
    [InlineData("expiration: 25h", "expiration")]
    [InlineData("refreshexpiration: 1m", "refreshexpiration")]
    [InlineData("rotation: 0s", "rotation")]
    [InlineData("name: 'Ä'", "name")]
    [InlineData("service: 'Ä'", "service")]
    [InlineData("expires: 5m", "expires")]
    public void A_value_out_of_range_is_an_error(string key, string path) => Assert.Equal(("auth.htpasswd.issuer." + path, "config.yml:3"),
        (Given.File(Given.Minimum + $"auth: {{htpasswd: {{realm: a, path: /nowhere/users, issuer: {{{key}}}}}}}\n").OnlyError() is var fault ? fault.KeyPath : "", fault.Origin));
}
