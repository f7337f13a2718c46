using PSRegistry.Testing;

namespace PSRegistry.ModuleTests.Users;

/// <summary>Test-RegistryAccess tells who may do what, and why.</summary>
public sealed class AccessTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Session _session = new(("ann", Logins.Of("ann", "wolf")), ("bob", Logins.Of("bob", "bear")));

    public AccessTests()
    {
        System.IO.File.WriteAllText(File, $$$"""
            version: 0.1
            storage: {inmemory: {}}
            http: {addr: '127.0.0.1:0'}
            auth: {htpasswd: {realm: a, path: '{{{_folder["users"]}}}', issuer: { } } }
            access:
              groups: {team: [ann]}
              rules:
              - {anonymous: true, repositories: [public/**], actions: [pull]}
              - {groups: [team], repositories: [team/**], actions: [push, delete]}
              - {users: ['*'], actions: [catalog]}
            """);
        _session.Run($"$ann, $bob | ForEach-Object {{ Set-RegistryUser '{_folder["users"]}' $_ -Cost 4 }}");
    }

    private string File => _folder["config.yml"];

    public void Dispose()
    {
        _session.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("-User ann -Repository team/app -Action Push", true, 9, "The rule in")]
    [InlineData("ann team/app", true, 9, "The rule in")]
    [InlineData("ann team/app Delete", false, 9, "storage.delete.enabled")]
    [InlineData("bob team/app", false, null, "None of the 3 rules")]
    [InlineData("eve team/app", false, null, "Nobody can log in as 'eve'")]
    [InlineData("-Anonymous -Repository public/a", true, 8, "The rule in")]
    [InlineData("-Anonymous -Repository public/a -Action Push", false, null, "strangers")]
    [InlineData("bob -Action Catalog", true, 10, "listing")]
    [InlineData("bob public/a -Action Catalog", true, 10, "listing")]
    [InlineData("bob team/app -Action Catalog", false, 10, "without team/app")]
    [InlineData("-Anonymous -Action Catalog", false, null, "strangers")]
    public void The_answer_comes_with_its_rule_and_line(string arguments, bool isAllowed, int? line, string reason)
    {
        var answer = Assert.Single(_session.Run($"Test-RegistryAccess {arguments} -ConfigPath '{File}'"));
        Assert.Equal((isAllowed, line is null ? null : $"{File}:{line}"), (answer.Get<bool>("IsAllowed"), answer.Get<string?>("Origin")));
        Assert.Equal(line is null, answer.Get<string?>("Rule") is null);
        Assert.Contains(reason, answer.Get<string>("Reason"), StringComparison.Ordinal);

        // A server that runs here says the same, without being named.
        _session.Run($"Start-RegistryServer '{File}'");
        var served = Assert.Single(_session.Run($"Test-RegistryAccess {arguments}"));
        Assert.Equal(answer.ToString(), served.ToString());
    }

    [Fact]
    public void Users_repositories_and_actions_are_asked_in_turn_and_from_the_pipeline()
    {
        var answers = _session.Run($"Test-RegistryAccess ann, bob team/a, public/b Pull, Push -ConfigPath '{File}'");
        Assert.Equal(["ann team/a Pull", "ann team/a Push", "ann public/b Pull", "ann public/b Push", "bob team/a Pull", "bob team/a Push", "bob public/b Pull", "bob public/b Push"],
            answers.Select(answer => $"{answer.Get<string>("User")} {answer.Get<string>("Repository")} {answer.Get<object>("Action")}"));
        Assert.Equal([true, true, true, false, false, false, true, false], answers.Select(answer => answer.Get<bool>("IsAllowed")));
        Assert.Equal(2, _session.Run($"Get-RegistryUser '{_folder["users"]}' | Test-RegistryAccess -Repository team/a -ConfigPath '{File}'").Count);
    }

    [Theory]
    [InlineData("'TEAM', 'team/a' | ForEach-Object { [pscustomobject]@{ User = 'ann'; Repository = $_ } } | Test-RegistryAccess", "InvalidRepositoryName")]
    [InlineData("Test-RegistryAccess ann TEAM, team/a", "InvalidRepositoryName")]
    [InlineData("[pscustomobject]@{ User = 'ann' }, [pscustomobject]@{ User = 'ann'; Repository = 'team/a' } | Test-RegistryAccess", "WhichRepository")]
    [InlineData("[pscustomobject]@{ Repository = 'team/a' }, [pscustomobject]@{ User = 'ann'; Repository = 'team/a' } | Test-RegistryAccess", "WhoseAccess")]
    public void What_cannot_be_asked_is_an_error_and_the_rest_is_answered(string script, string id)
    {
        var (output, errors, _) = _session.RunWithErrors($"{script} -ConfigPath '{File}'");
        Assert.Equal($"{id},PSRegistry.Commands.TestRegistryAccessCommand", Assert.Single(errors).FullyQualifiedErrorId);
        Assert.Equal("team/a", Assert.Single(output).Get<string>("Repository"));
    }

    [Theory]
    [InlineData("-Repository team/app", "WhoseAccess", "")]
    [InlineData("ann team/app -Anonymous", "WhoseAccess", "")]
    [InlineData("ann", "WhichRepository", "")]
    [InlineData("ann TEAM", "InvalidRepositoryName", "")]
    [InlineData("ann team/app", "ConfigurationFault", "access: {}\n")]
    public void What_cannot_be_answered_is_an_error(string arguments, string id, string replaced)
    {
        if (replaced.Length > 0)
            System.IO.File.WriteAllText(File, "version: 0.1\nstorage: inmemory\n" + replaced);
        Assert.Equal($"{id},PSRegistry.Commands.TestRegistryAccessCommand", _session.Fails($"Test-RegistryAccess {arguments} -ConfigPath '{File}'").FullyQualifiedErrorId);
    }
}
