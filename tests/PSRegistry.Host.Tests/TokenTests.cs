using System.Text.Json.Nodes;
using PSRegistry.Testing;

namespace PSRegistry.Host.Tests;

/// <summary>Real clients get tokens from a token server, and push and pull with them.</summary>
public sealed class TokenTests(RealImages images) : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync() => await _folder.DisposeAsync();

    [Theory]
    [InlineData("ES256", "libtrust")]
    [InlineData("RS256", "thumbprint")]
    [InlineData("RS256", "x5c")]
    [InlineData("ES384", "jwk")]
    public async Task Skopeo_logs_in_pushes_and_pulls_and_a_stranger_only_pulls(string algorithm, string form)
    {
        await using var tokens = await TokenService.StartAsync(algorithm, service => form switch
        {
            "libtrust" => new JsonObject { ["kid"] = service.Signer.LibtrustId },
            "thumbprint" => new JsonObject { ["kid"] = service.Signer.Thumbprint },
            "x5c" => new JsonObject { ["x5c"] = TokenSigner.Chain(service.Authority.ForTokens(service.Signer.Key).Pem) },
            _ => new JsonObject { ["jwk"] = service.Signer.Jwk() },
        });
        await using var registry = await PSRegistryProgram.StartAsync(new RegistrySettings { DataFolder = _folder["data"], ExtraYaml = tokens.Yaml }, Token);
        await using var skopeo = new Skopeo();
        var image = $"docker://{registry.Authority}/team/busybox:v1";
        var auth = _folder["auth.json"];
        var busybox = await images.BusyboxAsync();

        Assert.NotEqual(0, (await RunAsync("copy", "--dest-tls-verify=false", busybox.Reference, image)).ExitCode);
        Assert.NotEqual(0, (await RunAsync("login", "--tls-verify=false", "--authfile", auth, "-u", "ann", "-p", "wrong", registry.Authority)).ExitCode);
        (await RunAsync("login", "--tls-verify=false", "--authfile", auth, "-u", "ann", "-p", "wolf", registry.Authority)).MustExitWith(0);
        (await RunAsync("copy", "--preserve-digests", "--dest-tls-verify=false", "--authfile", auth, busybox.Reference, image)).MustExitWith(0);
        // To another repository: mounts.
        (await RunAsync("copy", "--src-tls-verify=false", "--dest-tls-verify=false", "--authfile", auth, image, $"docker://{registry.Authority}/other/busybox:v1")).MustExitWith(0);

        await using var pulled = new TemporaryFolder();
        (await RunAsync("copy", "--preserve-digests", "--src-tls-verify=false", image, $"oci:{pulled}:v1")).MustExitWith(0);
        Assert.Equal(busybox.Layout.HashBlobs(), ImageLayout.Open(pulled.Path).HashBlobs());
        Assert.NotEqual(0, (await RunAsync("delete", "--tls-verify=false", image)).ExitCode);
        (await RunAsync("delete", "--tls-verify=false", "--authfile", auth, image)).MustExitWith(0);

        var log = registry.Program.Output + registry.Program.Error;
        Assert.NotEmpty(tokens.Issued);
        Assert.All(tokens.Issued, token => Assert.DoesNotContain(token.Split('.')[2], log, StringComparison.Ordinal));
        Assert.Contains("curl -H 'Authorization: Bearer TOKEN' http", log, StringComparison.Ordinal);

        Task<ProgramRun> RunAsync(params string[] arguments) => ProgramRun.OfAsync(skopeo.Command(arguments), Token);
    }

    [Fact]
    public async Task Docker_logs_in_pushes_and_pulls()
    {
        await using var tokens = await TokenService.StartAsync();
        await using var registry = await PSRegistryProgram.StartAsync(new RegistrySettings { DataFolder = _folder["data"], ExtraYaml = tokens.Yaml }, Token);
        await using var docker = await Dockerd.StartAsync(Token);
        await using var skopeo = new Skopeo();
        var image = $"{registry.Authority}/team/busybox:v1";
        await skopeo.CopyAsync((await images.BusyboxAsync()).Reference, $"docker-archive:{_folder["image.tar"]}:{image}", Token);
        (await docker.RunAsync(Token, "load", "-i", _folder["image.tar"])).MustExitWith(0);

        Assert.NotEqual(0, (await docker.RunAsync(Token, "push", image)).ExitCode);
        Assert.NotEqual(0, (await docker.RunAsync(Token, "login", "-u", "ann", "-p", "wrong", registry.Authority)).ExitCode);
        (await docker.RunAsync(Token, "login", "-u", "ann", "-p", "wolf", registry.Authority)).MustExitWith(0);
        (await docker.RunAsync(Token, "push", image)).MustExitWith(0);
        (await docker.RunAsync(Token, "logout", registry.Authority)).MustExitWith(0);
        (await docker.RunAsync(Token, "rmi", image)).MustExitWith(0);
        (await docker.RunAsync(Token, "pull", image)).MustExitWith(0);
    }

    [Fact]
    public async Task The_start_tells_that_the_stand_in_protects_nothing()
    {
        await File.WriteAllTextAsync(_folder["config.yml"], "version: 0.1\nstorage: inmemory\nhttp: {addr: '127.0.0.1:0'}\nauth: {silly: {realm: a, service: b}}\n", Token);
        await using var program = RunningProgram.Start(PSRegistryProgram.Command("serve", _folder["config.yml"]));
        await program.WaitForLineAsync(new("listens on"), Token);
        Assert.Contains("auth.silly", program.Error, StringComparison.Ordinal);
        Assert.Contains("everybody", program.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("issuer: iss, jwks: /nowhere/keys.json", "there is no file /nowhere/keys.json")]
    [InlineData("isuer: iss", "auth.token.issuer")]
    public async Task A_start_without_all_that_tokens_take_is_refused(string keys, string said)
    {
        await File.WriteAllTextAsync(
            _folder["config.yml"], $"version: 0.1\nstorage: inmemory\nhttp: {{addr: '127.0.0.1:0'}}\nauth: {{token: {{realm: 'http://a/b', service: b, {keys}}}}}\n", Token);
        var run = await ProgramRun.OfAsync(PSRegistryProgram.Command("serve", _folder["config.yml"]), Token);
        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains(said, run.Error, StringComparison.Ordinal);
        Assert.Contains("config.yml:4", run.Error, StringComparison.Ordinal);
    }
}
