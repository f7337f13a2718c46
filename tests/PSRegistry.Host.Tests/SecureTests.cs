using PSRegistry.Testing;

namespace PSRegistry.Host.Tests;

/// <summary>Real clients log in, push and pull over TLS with a CA of our own, straight and through a proxy.</summary>
public sealed class SecureTests(RealImages images) : IAsyncDisposable
{
    private readonly TlsFolder _tls = new();
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        _tls.Dispose();
        await _folder.DisposeAsync();
    }

    [Fact]
    public async Task Skopeo_logs_in_pushes_and_pulls_over_tls()
    {
        await using var registry = await SecureRegistry.StartAsync(SecureRegistry.Tls(_tls), Token);
        await MustWorkAsync(registry.Authority);
        Assert.DoesNotContain(SecureRegistry.Password, registry.Program.Output + registry.Program.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Skopeo_logs_in_pushes_and_pulls_through_nginx()
    {
        await using var registry = await SecureRegistry.StartAsync("  addr: 127.0.0.1:0\n  relativeurls: false", Token);
        await using var nginx = await Nginx.StartAsync(registry.Authority, _tls, Token);
        await MustWorkAsync(nginx.Authority);
        using var http = new RegistryHttp(new Uri($"https://{nginx.Authority}/"), TlsTrust.In(_tls.Authority)) { Login = $"{SecureRegistry.User}:{SecureRegistry.Password}" };
        Assert.StartsWith($"https://{nginx.Authority}/v2/", (await http.BeginUploadAsync("a", Token)).Header("Location"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Skopeo_logs_in_pushes_and_pulls_through_nginx_and_a_unix_socket()
    {
        await using var registry = await SecureRegistry.StartAsync("  net: unix\n  addr: 'SOCKET'", Token);
        // nginx's workers are another user, and only the owner may connect where the mask says nothing else.
        await OpenAsync(registry.Authority["unix:".Length..]);

        await using var nginx = await Nginx.StartAsync(registry.Authority, _tls, Token);
        await MustWorkAsync(nginx.Authority);
    }

    [Fact]
    public async Task A_client_without_the_certificate_that_is_asked_for_does_not_come_in_and_one_with_it_does()
    {
        await using var registry = await SecureRegistry.StartAsync(SecureRegistry.Tls(_tls, $"    clientcas: ['{_tls.AuthorityFile}']"), Token);
        await using var skopeo = new Skopeo();
        var trust = Trust();
        var login = new[] { "login", "--cert-dir", trust, "--authfile", _folder["auth.json"], "-u", SecureRegistry.User, "-p", SecureRegistry.Password, registry.Authority };
        Assert.NotEqual(0, (await ProgramRun.OfAsync(skopeo.Command(login), Token)).ExitCode);
        using var ann = _tls.Authority.ForClient();
        await File.WriteAllTextAsync(Path.Combine(trust, "client.cert"), ann.Pem, Token);
        await File.WriteAllTextAsync(Path.Combine(trust, "client.key"), ann.Pkcs8, Token);
        (await ProgramRun.OfAsync(skopeo.Command(login), Token)).MustExitWith(0);
    }

    [Fact]
    public async Task Docker_logs_in_pushes_and_pulls_over_tls()
    {
        await using var registry = await SecureRegistry.StartAsync(SecureRegistry.Tls(_tls), Token);
        await using var docker = await Dockerd.StartAsync(Token);
        var image = $"{registry.Authority}/team/busybox:v1";
        await using var skopeo = new Skopeo();
        await skopeo.CopyAsync((await images.BusyboxAsync()).Reference, $"docker-archive:{_folder["image.tar"]}:{image}", Token);
        (await docker.RunAsync(Token, "load", "-i", _folder["image.tar"])).MustExitWith(0);

        // Without the CA, docker does not trust it, and without a login the registry does not trust docker.
        Assert.NotEqual(0, (await docker.RunAsync(Token, "push", image)).ExitCode);
        docker.Trust(registry.Authority, _tls.AuthorityFile);
        Assert.NotEqual(0, (await docker.RunAsync(Token, "push", image)).ExitCode);
        Assert.NotEqual(0, (await docker.RunAsync(Token, "login", "-u", SecureRegistry.User, "-p", "wrong", registry.Authority)).ExitCode);

        (await docker.RunAsync(Token, "login", "-u", SecureRegistry.User, "-p", SecureRegistry.Password, registry.Authority)).MustExitWith(0);
        (await docker.RunAsync(Token, "push", image)).MustExitWith(0);
        (await docker.RunAsync(Token, "rmi", image)).MustExitWith(0);
        (await docker.RunAsync(Token, "pull", image)).MustExitWith(0);
        (await docker.RunAsync(Token, "image", "inspect", image)).MustExitWith(0);
    }

    [Fact]
    public async Task A_missing_htpasswd_file_is_made_and_its_password_shown_once_and_not_logged()
    {
        var file = _folder["config.yml"];
        await File.WriteAllTextAsync(file, $"version: 0.1\nstorage: inmemory\nhttp: {{addr: '127.0.0.1:0'}}\nauth: {{htpasswd: {{realm: a, path: '{_folder["new", "users"]}'}}}}\n", Token);
        await using var program = RunningProgram.Start(PSRegistryProgram.Command("serve", file));
        var said = await program.WaitForLineAsync(new("new user: +docker, password ([^ ]+) "), Token);
        var address = await program.WaitForLineAsync(new(@"http://127\.0\.0\.1:[0-9]+"), Token);
        using var http = new RegistryHttp(new Uri(address.Value)) { Login = $"docker:{said.Groups[1].Value}" };
        (await http.GetAsync("/v2/", Token)).MustBe(System.Net.HttpStatusCode.OK);
        Assert.DoesNotContain(said.Groups[1].Value, program.Error, StringComparison.Ordinal);
    }

    private async Task MustWorkAsync(string authority)
    {
        await using var skopeo = new Skopeo();
        var (trust, auth) = (Trust(), _folder["auth.json"]);
        var image = $"docker://{authority}/team/busybox:v1";
        var busybox = await images.BusyboxAsync();

        Assert.NotEqual(0, (await RunAsync("copy", "--dest-cert-dir", trust, busybox.Reference, image)).ExitCode);
        Assert.NotEqual(0, (await RunAsync("login", "--cert-dir", trust, "--authfile", auth, "-u", SecureRegistry.User, "-p", "wrong", authority)).ExitCode);
        (await RunAsync("login", "--cert-dir", trust, "--authfile", auth, "-u", SecureRegistry.User, "-p", SecureRegistry.Password, authority)).MustExitWith(0);
        (await RunAsync("copy", "--preserve-digests", "--dest-cert-dir", trust, "--authfile", auth, busybox.Reference, image)).MustExitWith(0);
        await using var pulled = new TemporaryFolder();
        (await RunAsync("copy", "--preserve-digests", "--src-cert-dir", trust, "--authfile", auth, image, $"oci:{pulled}:v1")).MustExitWith(0);
        Assert.Equal(busybox.Layout.HashBlobs(), ImageLayout.Open(pulled.Path).HashBlobs());

        Task<ProgramRun> RunAsync(params string[] arguments) => ProgramRun.OfAsync(skopeo.Command(arguments), Token);
    }

    /// <summary>A folder with the CA, as skopeo and podman take it.</summary>
    private string Trust()
    {
        Directory.CreateDirectory(_folder["trust"]);
        File.Copy(_tls.AuthorityFile, _folder["trust", "ca.crt"], overwrite: true);
        return _folder["trust"];
    }

    private static async Task OpenAsync(string socket) =>
        (await ProgramRun.OfAsync(new ProgramCommand("chmod", ["a+rwx", socket, Path.GetDirectoryName(socket)!]), Token)).MustExitWith(0);
}
