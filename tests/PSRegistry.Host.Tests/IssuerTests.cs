using PSRegistry.Testing;

namespace PSRegistry.Host.Tests;

/// <summary>Real clients log in at a registry that gives out its own tokens, and strangers pull what is everybody's.</summary>
public sealed class IssuerTests(RealImages images) : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync() => await _folder.DisposeAsync();

    [Fact]
    public async Task Skopeo_logs_in_and_pushes_and_a_stranger_pulls_what_is_everybodys()
    {
        await using var registry = await StartAsync();
        await using var skopeo = new Skopeo();
        var (open, closed) = ($"docker://{registry.Authority}/public/busybox:v1", $"docker://{registry.Authority}/team/busybox:v1");
        var auth = _folder["auth.json"];
        var busybox = await images.BusyboxAsync();

        Assert.NotEqual(0, (await RunAsync("copy", "--dest-tls-verify=false", busybox.Reference, open)).ExitCode);
        Assert.NotEqual(0, (await RunAsync("login", "--tls-verify=false", "--authfile", auth, "-u", "ann", "-p", "wrong", registry.Authority)).ExitCode);
        (await RunAsync("login", "--tls-verify=false", "--authfile", auth, "-u", "ann", "-p", "s3cr:t", registry.Authority)).MustExitWith(0);
        (await RunAsync("copy", "--preserve-digests", "--dest-tls-verify=false", "--authfile", auth, busybox.Reference, open)).MustExitWith(0);
        (await RunAsync("copy", "--src-tls-verify=false", "--dest-tls-verify=false", "--authfile", auth, open, closed)).MustExitWith(0);

        await using var pulled = new TemporaryFolder();
        (await RunAsync("copy", "--preserve-digests", "--src-tls-verify=false", open, $"oci:{pulled}:v1")).MustExitWith(0);
        Assert.Equal(busybox.Layout.HashBlobs(), ImageLayout.Open(pulled.Path).HashBlobs());
        (await RunAsync("list-tags", "--tls-verify=false", open[..open.LastIndexOf(':')])).MustExitWith(0);
        Assert.NotEqual(0, (await RunAsync("copy", "--src-tls-verify=false", closed, $"oci:{pulled}:v2")).ExitCode);
        Assert.NotEqual(0, (await RunAsync("delete", "--tls-verify=false", open)).ExitCode);
        var denied = await RunAsync("delete", "--tls-verify=false", "--authfile", auth, closed);
        Assert.NotEqual(0, denied.ExitCode);
        (await RunAsync("delete", "--tls-verify=false", "--authfile", auth, open)).MustExitWith(0);

        Task<ProgramRun> RunAsync(params string[] arguments) => ProgramRun.OfAsync(skopeo.Command(arguments), Token);
    }

    [Fact]
    public async Task Docker_keeps_a_token_instead_of_the_password_and_a_stranger_pulls_what_is_everybodys()
    {
        await using var registry = await StartAsync();
        await using var docker = await Dockerd.StartAsync(Token);
        await using var skopeo = new Skopeo();
        var (open, closed) = ($"{registry.Authority}/public/busybox:v1", $"{registry.Authority}/team/busybox:v1");
        await skopeo.CopyAsync((await images.BusyboxAsync()).Reference, $"docker-archive:{_folder["image.tar"]}:{open}", Token);
        (await docker.RunAsync(Token, "load", "-i", _folder["image.tar"])).MustExitWith(0);
        (await docker.RunAsync(Token, "tag", open, closed)).MustExitWith(0);

        Assert.NotEqual(0, (await docker.RunAsync(Token, "push", open)).ExitCode);
        Assert.NotEqual(0, (await docker.RunAsync(Token, "login", "-u", "ann", "-p", "wrong", registry.Authority)).ExitCode);
        (await docker.RunAsync(Token, "login", "-u", "ann", "-p", "s3cr:t", registry.Authority)).MustExitWith(0);
        var kept = await File.ReadAllTextAsync(Path.Combine(docker.ClientFolder, "config.json"), Token);
        Assert.Contains("identitytoken", kept, StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToBase64String("ann:s3cr:t"u8), kept, StringComparison.Ordinal);

        (await docker.RunAsync(Token, "push", open)).MustExitWith(0);
        (await docker.RunAsync(Token, "push", closed)).MustExitWith(0);
        (await docker.RunAsync(Token, "logout", registry.Authority)).MustExitWith(0);
        (await docker.RunAsync(Token, "rmi", open, closed)).MustExitWith(0);
        (await docker.RunAsync(Token, "pull", open)).MustExitWith(0);
        Assert.NotEqual(0, (await docker.RunAsync(Token, "pull", closed)).ExitCode);
    }

    [Fact]
    public async Task A_login_of_docker_lasts_over_a_restart_and_ends_with_the_password()
    {
        var settings = await SettingsAsync();
        await using var docker = await Dockerd.StartAsync(Token);
        await using var skopeo = new Skopeo();
        await using (var registry = await PSRegistryProgram.StartAsync(settings, Token))
            (await docker.RunAsync(Token, "login", "-u", "ann", "-p", "s3cr:t", registry.Authority)).MustExitWith(0);
        await using (var registry = await PSRegistryProgram.StartAsync(settings, Token))
        {
            var image = $"{registry.Authority}/team/busybox:v1";
            await skopeo.CopyAsync((await images.BusyboxAsync()).Reference, $"docker-archive:{_folder["image.tar"]}:{image}", Token);
            (await docker.RunAsync(Token, "load", "-i", _folder["image.tar"])).MustExitWith(0);
            (await docker.RunAsync(Token, "push", image)).MustExitWith(0);
            await WriteUsersAsync("changed");
            for (var i = 0; i < 50 && (await docker.RunAsync(Token, "push", image)).ExitCode == 0; i++)
                await Task.Delay(100, Token);
            Assert.NotEqual(0, (await docker.RunAsync(Token, "push", image)).ExitCode);
        }
    }

    private async Task<RegistrySettings> SettingsAsync()
    {
        await WriteUsersAsync("s3cr:t");
        return new RegistrySettings
        {
            DataFolder = _folder["data"],
            ExtraYaml = $$$"""
                auth: {htpasswd: {realm: Test, path: '{{{_folder["users"]}}}', issuer: { } } }
                access:
                  rules:
                  - {anonymous: true, repositories: [public/**], actions: [pull]}
                  - {users: ['*'], actions: [push]}
                  - {users: [ann], repositories: [public/**], actions: [delete]}

                """,
        };
    }

    private async Task<RegistryProcess> StartAsync() => await PSRegistryProgram.StartAsync(await SettingsAsync(), Token);

    private async Task WriteUsersAsync(string password)
    {
        var line = await ProgramRun.OfAsync(new ProgramCommand(Peer.Require("htpasswd"), ["-Bbn", "ann", password]), Token);
        await File.WriteAllTextAsync(_folder["users"], line.MustExitWith(0).Output, Token);
    }
}
