using System.Management.Automation;
using PSRegistry.Testing;

namespace PSRegistry.ModuleTests.Servers;

public sealed class StartTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Session _session = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _session.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_server_takes_what_skopeo_pushes_and_lists_it()
    {
        await using var skopeo = new Skopeo();
        await using var images = new RealImages();
        var image = (await images.ArtifactAsync()).Reference;
        var server = Assert.Single(_session.Run($"$server = Start-RegistryServer -RootDirectory '{_folder}' -Port 0; $server"));
        await skopeo.CopyAsync(image, $"docker://{server.Get<string>("Registry")}/team/app:1.0", Token);
        Assert.Equal([$"{server.Get<string>("Registry")}/team/app:1.0"], _session.Run("Get-RegistryCatalog | Get-RegistryTag").Texts());
        Assert.True(Directory.Exists(_folder["docker", "registry", "v2", "repositories", "team", "app"]));
        _session.Run("Stop-RegistryServer");
        Assert.False(Http.Answers(server.Get<Uri>("Uri")));
    }

    [Fact]
    public void A_server_tells_where_and_since_when_it_runs()
    {
        var before = DateTime.Now.AddSeconds(-1);
        var server = Assert.Single(_session.Run($"Start-RegistryServer -RootDirectory '{_folder}' -Port 0"));
        Assert.Equal("Running", server.Get<object>("State").ToString());
        Assert.Equal(_folder.Path, server.Get<string>("DataFolder"));
        Assert.InRange(server.Get<DateTime>("Started"), before, DateTime.Now.AddSeconds(1));
        Assert.Matches(@"^\d+\.\d+\.\d+$", server.Get<string>("Version"));
        Assert.Equal(server.Get<Uri>("Uri").ToString(), server.ToString());
    }

    [Fact]
    public async Task A_server_tells_its_health()
    {
        var (file, down) = (_folder["config.yml"], _folder["down"]);
        await File.WriteAllTextAsync(file, $"version: 0.1\nstorage: {{inmemory: }}\nhttp: {{addr: '127.0.0.1:0'}}\nhealth: {{file: [{{file: '{down}', interval: 20ms}}]}}\n", Token);
        var server = Assert.Single(_session.Run($"Start-RegistryServer '{file}'"));
        Assert.Equal("Healthy", server.Get<string>("Health"));
        await File.WriteAllTextAsync(down, "", Token);
        for (var attempt = 0; server.Get<string>("Health") != $"{down}: file exists"; attempt++)
        {
            Assert.True(attempt < 500, server.Get<string>("Health"));
            await Task.Delay(20, Token);
        }
    }

    [Fact]
    public void A_server_in_memory_keeps_nothing_and_takes_a_port_of_its_own()
    {
        var servers = _session.Run("1..3 | ForEach-Object { Start-RegistryServer -InMemory }");
        Assert.Equal(3, servers.Select(server => server.Get<Uri>("Uri").Port).Distinct().Count());
        Assert.All(servers, server => Assert.Null(server.Properties["DataFolder"].Value));
        Assert.All(servers, server => Assert.True(Http.Answers(server.Get<Uri>("Uri"))));
    }

    [Fact]
    public async Task Parameters_come_before_variables_and_variables_before_the_file()
    {
        var file = _folder["config.yml"];
        var port = FreePort.Next();
        File.WriteAllText(file, $"version: 0.1\nstorage: {{filesystem: {{rootdirectory: {_folder["file"]}}}}}\nhttp: {{addr: '127.0.0.1:1'}}\n");
        // The variable is set for a process of its own: other tests of this one start servers too.
        var run = await Shell.RunAsync(
            $"$s = Start-RegistryServer '{file}' -Port {port}; $s; $s.DataFolder; $s.ConfigPath; (Start-RegistryServer '{file}' -InMemory -Port 0).Uri.Port -gt 1",
            Token,
            ("REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY", _folder["variable"]));
        Assert.Equal([$"http://127.0.0.1:{port}/", _folder["variable"], file, "True"], run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void Relative_paths_are_those_of_the_session()
    {
        _session.Run($"$ExecutionContext.SessionState.Path.SetLocation('{_folder}')");
        var server = Assert.Single(_session.Run("Start-RegistryServer -RootDirectory ./data -Port 0"));
        Assert.Equal(_folder["data"], server.Get<string>("DataFolder"));
    }

    [Fact]
    public void What_if_starts_nothing_and_makes_no_folder()
    {
        Assert.Empty(_session.Run($"Start-RegistryServer -RootDirectory '{_folder["none"]}' -Port 0 -WhatIf"));
        Assert.False(Directory.Exists(_folder["none"]));
    }

    [Fact]
    public void A_faulty_configuration_is_one_error_with_every_key_and_line()
    {
        File.WriteAllText(_folder["config.yml"], "version: 0.1\nstorage: {inmemory: {}}\nhttp:\n  addr: five\n  draintimeout: soon\nwonder: 1\n");
        var (output, errors, warnings) = _session.RunWithErrors($"Start-RegistryServer '{_folder["config.yml"]}'");
        Assert.Empty(output);
        var error = Assert.Single(errors);
        Assert.Equal("ConfigurationFault,PSRegistry.Commands.StartRegistryServerCommand", error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.InvalidData, error.CategoryInfo.Category);
        Assert.Contains("config.yml:4: error: http.addr", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("config.yml:5: error: http.draintimeout", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("config.yml:6: warning: wonder", Assert.Single(warnings).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_address_may_have_its_port() =>
        Assert.Equal("127.0.0.1", Assert.Single(_session.Run("(Start-RegistryServer -InMemory -Address 127.0.0.1:0).Uri.Host")).BaseObject);

    [Fact]
    public void A_parameter_that_is_no_address_is_named()
    {
        var error = _session.Fails("Start-RegistryServer -InMemory -Address 'not a host'");
        Assert.Contains("-Address: error: http.addr", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_there_is_an_error_with_its_path()
    {
        var error = _session.Fails($"Start-RegistryServer '{_folder["none.yml"]}'");
        Assert.Contains($"{_folder["none.yml"]}: error: there is no such file", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_port_that_is_taken_is_an_error_with_a_way_out()
    {
        var taken = Assert.Single(_session.Run("Start-RegistryServer -InMemory")).Get<Uri>("Uri").Port;
        var error = _session.Fails($"Start-RegistryServer -InMemory -Port {taken}");
        Assert.Equal("AddressUnavailable,PSRegistry.Commands.StartRegistryServerCommand", error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.ResourceUnavailable, error.CategoryInfo.Category);
        Assert.Contains($"127.0.0.1:{taken}", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("-Port 0", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public void A_data_folder_that_cannot_be_made_is_an_error_with_a_way_out()
    {
        File.WriteAllText(_folder["file"], "");
        var error = _session.Fails($"Start-RegistryServer -RootDirectory '{_folder["file", "below"]}' -Port 0");
        Assert.Equal("DataFolderUnusable,PSRegistry.Commands.StartRegistryServerCommand", error.FullyQualifiedErrorId);
        Assert.Contains("-InMemory", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_and_memory_exclude_each_other() =>
        Assert.StartsWith("AmbiguousParameterSet,", _session.Fails("Start-RegistryServer -InMemory -RootDirectory x").FullyQualifiedErrorId, StringComparison.Ordinal);
}
