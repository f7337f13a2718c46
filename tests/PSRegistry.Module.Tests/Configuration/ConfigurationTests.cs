using PSRegistry.Testing;

namespace PSRegistry.ModuleTests.Configuration;

public sealed class ConfigurationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Session _session = new();

    private string File => _folder["config.yml"];

    public void Dispose()
    {
        _session.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Every_key_that_counts_has_a_value_and_an_origin()
    {
        Write("version: 0.1\nstorage: {inmemory: {}}\nhttp:\n  addr: :5001\n  secret: hush-hush\n");
        var keys = _session.Run($"Get-RegistryConfiguration '{File}'").ToDictionary(key => key.Get<string>("KeyPath"));
        Assert.Equal((":5001", $"{File}:4"), (keys["http.addr"].Get<string>("Value").Trim('"'), keys["http.addr"].Get<string>("Origin")));
        Assert.Equal("default", keys["log.level"].Get<string>("Origin"));
        Assert.True(keys["http.secret"].Get<bool>("IsHidden"));
        Assert.DoesNotContain(keys.Values, key => key.ToString().Contains("hush", StringComparison.Ordinal));
    }

    [Fact]
    public void Keys_are_chosen_by_wildcards() =>
        Assert.All(_session.Run("Get-RegistryConfiguration -Key http.*"), key => Assert.StartsWith("http.", key.Get<string>("KeyPath"), StringComparison.Ordinal));

    [Theory]
    [InlineData("version: 0.1\nstorage: {inmemory: {}}\n", true)]
    [InlineData("version: 0.1\nstorage: {inmemory: {}}\nwonder: 1\n", true)]
    [InlineData("version: 0.1\nstorage: {inmemory: {}}\nhttp: {addr: five}\n", false)]
    public void A_test_is_true_or_false(string text, bool expected)
    {
        Write(text);
        Assert.Equal(expected, Assert.Single(_session.Run($"Test-RegistryConfiguration '{File}'")).BaseObject);
    }

    [Fact]
    public void A_strict_test_takes_unknown_keys_for_errors()
    {
        Write("version: 0.1\nstorage: {inmemory: {}}\nwonder: 1\n");
        Assert.Equal(false, Assert.Single(_session.Run($"Test-RegistryConfiguration '{File}' -Strict")).BaseObject);
    }

    [Fact]
    public void A_detailed_test_writes_each_fault()
    {
        Write("version: 0.1\nstorage: {inmemory: {}}\nhttp:\n  addr: five\nwonder: 1\n");
        var faults = _session.Run($"Test-RegistryConfiguration '{File}' -Detailed");
        Assert.Equal(["http.addr", "wonder"], faults.Select(fault => fault.Get<string>("KeyPath")));
        Assert.Equal($"{File}:4", faults[0].Get<string>("Origin"));
    }

    [Fact]
    public void A_faulty_configuration_is_shown_as_an_error()
    {
        Write("version: 0.1\nstorage: {inmemory: {}}\nhttp: {addr: five}\n");
        Assert.Equal("ConfigurationFault,PSRegistry.Commands.GetRegistryConfigurationCommand", _session.Fails($"Get-RegistryConfiguration '{File}'").FullyQualifiedErrorId);
    }

    [Fact]
    public void Relative_paths_in_a_file_are_those_of_the_session()
    {
        Write("version: 0.1\nstorage: {filesystem: {rootdirectory: ./images}}\nhttp: {addr: '127.0.0.1:0'}\nauth: {htpasswd: {realm: here, path: users/htpasswd}}\nhealth: {file: [{file: down}]}\n");
        _session.Run($"$ExecutionContext.SessionState.Path.SetLocation('{_folder}')");
        var server = Assert.Single(_session.Run("Start-RegistryServer ./config.yml"));
        Assert.Equal(_folder["images"], server.Get<string>("DataFolder"));
        Assert.True(System.IO.File.Exists(_folder["users", "htpasswd"]));
    }

    private void Write(string text) => System.IO.File.WriteAllText(File, text);
}
