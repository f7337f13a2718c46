using System.Globalization;
using System.Net;
using System.Net.Sockets;
using PSRegistry.Testing;

namespace PSRegistry.Host.Tests;

/// <summary>What the program says when it cannot serve: 1 for the machine's faults, 2 for those of the configuration.</summary>
public sealed class FailingToStartTests : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync() => await _folder.DisposeAsync();

    [Fact]
    public async Task An_address_in_use_is_one_line_that_names_it()
    {
        using var holder = new TcpListener(IPAddress.Loopback, 0);
        holder.Start();
        var port = ((IPEndPoint)holder.LocalEndpoint).Port;
        var line = await MustFailInOneLineAsync(new RegistrySettings { DataFolder = _folder["data"], Port = port });
        Assert.Contains(port.ToString(CultureInfo.InvariantCulture), line, StringComparison.Ordinal);
    }

    // A file where a folder should be refuses root too, as permissions would not.
    [Fact]
    public async Task A_folder_that_cannot_be_written_is_one_line_that_names_it()
    {
        await File.WriteAllTextAsync(_folder["file"], "", Token);
        var line = await MustFailInOneLineAsync(new RegistrySettings { DataFolder = _folder["file", "data"] });
        Assert.Contains(_folder["file", "data"], line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_config_file_that_is_not_there_is_named()
    {
        var run = await ProgramRun.OfAsync(PSRegistryProgram.Command("serve", _folder["missing.yml"]), Token);
        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains(_folder["missing.yml"], Assert.Single(Lines(run.Error)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("psregistry serve: error: there is no option --strcit.", "serve", "--strcit")]
    [InlineData("psregistry config: error: there is no option --strcit.", "config", "--strcit")]
    [InlineData("psregistry serve: error: there is no option --port.", "serve", "--port", "5000")]
    [InlineData("psregistry: error: there is no option --port.", "--port", "5000")]
    [InlineData("psregistry serve: error: unrecognized command or argument 'b.yml'.", "serve", "a.yml", "b.yml")]
    [InlineData("psregistry: error: there is no command srve, nor a file of that name.", "srve")]
    [InlineData("psregistry: error: there is no command garbage-collect, nor a file of that name.", "garbage-collect", "a.yml")]
    [InlineData("psregistry hash-password: error: required argument 'user' missing for command: 'hash-password'.", "hash-password")]
    [InlineData("psregistry replay-events: error: option '--since' is required.", "replay-events")]
    public async Task A_wrong_command_line_is_told_in_one_line_with_where_to_look(string line, params string[] arguments)
    {
        // Where the service manager starts it, 2 is not tried again.
        var run = (await ProgramRun.OfAsync(PSRegistryProgram.Command(arguments), Token)).MustExitWith(2);
        Assert.Empty(run.Output);
        Assert.Equal(2, Lines(run.Error).Length);
        Assert.Equal(line, Lines(run.Error)[0]);
        Assert.Contains($"'{line[..line.IndexOf(':', StringComparison.Ordinal)]} --help'", Lines(run.Error)[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fault_that_nobody_expects_ends_with_the_exit_code_of_a_start_that_failed()
    {
        var config = _folder["config.yml"];
        await File.WriteAllTextAsync(config, "version: 0.1\nstorage: {inmemory: {}}\nhttp: {addr: '127.0.0.1:0'}\n", Token);
        var program = PSRegistryProgram.Command("serve", config);
        // A full disk takes the lines that tell where it listens.
        var told = new ProgramCommand("/bin/sh", ["-c", "exec \"$@\" > /dev/full", "sh", program.Program, .. program.Arguments]);
        var run = (await ProgramRun.OfAsync(told, Token)).MustExitWith(1);
        Assert.Contains("psregistry: System.IO.IOException: ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_may_be_asked_for_where_a_file_could_be_named()
    {
        var run = (await ProgramRun.OfAsync(PSRegistryProgram.Command("serve", "/h"), Token)).MustExitWith(0);
        Assert.Contains("Usage:", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData]
    [InlineData("serve")]
    [InlineData("hash-password")]
    [InlineData("replay-events")]
    public async Task Help_is_no_wrong_command_line(params string[] command)
    {
        var run = (await ProgramRun.OfAsync(PSRegistryProgram.Command([.. command, "--help"]), Token)).MustExitWith(0);
        Assert.Contains("Usage:", run.Output, StringComparison.Ordinal);
        Assert.Empty(run.Error);
    }

    [Fact]
    public async Task Every_fault_of_a_configuration_is_listed_at_once_and_nothing_is_served()
    {
        var yaml = $"""
            version: 0.1
            log:
              level: loud
            storage:
              filesystem:
                rootdirectory: '{_folder["data"]}'
              inmemory: {"{}"}
              maintenance:
                readonly:
                  enabled: perhaps
            http:
              addr: 127.0.0.1:{FreePort.Next().ToString(CultureInfo.InvariantCulture)}
              draintimeout: soon
            """;
        var run = (await ServeAsync(yaml)).MustExitWith(2);
        foreach (var key in new[] { "log.level", "storage", "storage.maintenance.readonly.enabled", "http.draintimeout" })
        {
            Assert.Contains(key, run.Error, StringComparison.Ordinal);
        }

        Assert.False(Directory.Exists(_folder["data"]));
    }

    [Fact]
    public async Task A_fault_in_the_environment_is_one_of_the_configuration()
    {
        var command = PSRegistryProgram.Command("serve").With(new Dictionary<string, string?>
        {
            ["REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY"] = _folder["data"],
            ["REGISTRY_HTTP_DRAINTIMEOUT"] = "soon",
        });
        var run = (await ProgramRun.OfAsync(command, Token)).MustExitWith(2);
        Assert.Contains("REGISTRY_HTTP_DRAINTIMEOUT", run.Error, StringComparison.Ordinal);
    }

    private async Task<string> MustFailInOneLineAsync(RegistrySettings settings) =>
        Assert.Single(Lines((await ServeAsync(settings.ToYaml())).MustExitWith(1).Error));

    private async Task<ProgramRun> ServeAsync(string yaml)
    {
        var file = _folder["config.yml"];
        await File.WriteAllTextAsync(file, yaml, Token);
        return await ProgramRun.OfAsync(PSRegistryProgram.Command("serve", file) with { Timeout = TimeSpan.FromSeconds(20) }, Token);
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
