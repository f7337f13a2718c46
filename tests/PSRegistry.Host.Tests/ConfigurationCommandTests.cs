using PSRegistry.Testing;

namespace PSRegistry.Host.Tests;

/// <summary>The commands that look at a configuration and serve nothing.</summary>
public sealed class ConfigurationCommandTests : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync() => await _folder.DisposeAsync();

    [Fact]
    public async Task A_check_makes_nothing_and_ends_with_0_when_it_could_be_served()
    {
        var run = (await RunAsync(["serve", "--check", Write("extra: {}\n")])).MustExitWith(0);
        Assert.Contains("extra", run.Error, StringComparison.Ordinal);
        Assert.Equal(["config.yml"], Directory.EnumerateFileSystemEntries(_folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_check_ends_with_2_and_every_fault()
    {
        var run = (await RunAsync(["serve", "--check", Write("auht: {}\ntags: {maxtags: -1}\n")])).MustExitWith(2);
        Assert.Contains("Did you mean auth?", run.Error, StringComparison.Ordinal);
        Assert.Contains("tags.maxtags", run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Output);
    }

    [Fact]
    public async Task Strict_takes_an_unknown_key_for_an_error()
    {
        (await RunAsync(["serve", "--check", "--strict", Write("extra: {}\n")])).MustExitWith(2);
        (await RunAsync(["serve", "--strict", Write("extra: {}\n")])).MustExitWith(2);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_configuration_that_counts_is_printed_with_origins_and_without_secrets(bool byVariable)
    {
        var file = Write("");
        var environment = new Dictionary<string, string?>
        {
            ["REGISTRY_HTTP_SECRET"] = "swordfish",
            ["REGISTRY_LOG_LEVEL"] = "warn",
            ["REGISTRY_CONFIGURATION_PATH"] = byVariable ? file : null,
        };
        var run = (await RunAsync(byVariable ? ["config"] : ["config", file], environment)).MustExitWith(0);
        Assert.Contains("  level: warn  # REGISTRY_LOG_LEVEL\n", run.Output, StringComparison.Ordinal);
        Assert.Contains($"  addr: 127.0.0.1:0  # {file}:2\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("  # secret: (hidden)  # REGISTRY_HTTP_SECRET\n", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("swordfish", run.Output + run.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["data"]));
    }

    [Fact]
    public async Task A_password_is_read_from_a_pipe_and_its_hash_printed_as_htpasswd_takes_it()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs a POSIX shell");
        var program = PSRegistryProgram.Command("hash-password", "--cost", "4", "ann");
        var pipe = new ProgramCommand("/bin/sh", ["-c", "printf 's3cr:t\\n' | \"$@\"", "sh", program.Program, .. program.Arguments]);
        var run = (await ProgramRun.OfAsync(pipe, Token)).MustExitWith(0);
        Assert.StartsWith("ann:$2y$04$", run.Output, StringComparison.Ordinal);
        await File.WriteAllTextAsync(_folder["users"], run.Output, Token);
        (await ProgramRun.OfAsync(new ProgramCommand(Peer.Require("htpasswd"), ["-vb", _folder["users"], "ann", "s3cr:t"]), Token)).MustExitWith(0);
    }

    [Fact]
    public async Task No_password_is_no_line()
    {
        var run = (await RunAsync(["hash-password", "ann"])).MustExitWith(1);
        Assert.Empty(run.Output);
    }

    private string Write(string more)
    {
        File.WriteAllText(_folder["config.yml"], $"version: 0.1\nhttp: {{addr: '127.0.0.1:0'}}\nstorage: {{filesystem: {{rootdirectory: '{_folder["data"]}'}}}}\n{more}");
        return _folder["config.yml"];
    }

    private static Task<ProgramRun> RunAsync(string[] arguments, Dictionary<string, string?>? environment = null) =>
        ProgramRun.OfAsync(PSRegistryProgram.Command(arguments).With(environment ?? []), Token);
}
