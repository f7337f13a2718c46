using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using PSRegistry.Server.Configuration;
using PSRegistry.Testing;

namespace PSRegistry.Server.Tests.Tls;

/// <summary>Certificates that are renewed while the registry runs.</summary>
public sealed class CertificateSwapTests : IDisposable
{
    private readonly TlsFolder _files = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task A_new_pair_serves_new_connections_and_the_old_ones_go_on()
    {
        await using var registry = await StartAsync();
        using var old = Connect(registry);
        (await old.GetAsync("/v2/", Token)).MustBe(HttpStatusCode.OK);
        var renewed = Renew(_files.Certificate, _files.Key);
        await UntilShownAsync(registry, renewed);
        (await old.GetAsync("/v2/", Token)).MustBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Half_a_renewal_leaves_the_pair_before_and_the_other_half_ends_it()
    {
        await using var registry = await StartAsync();
        var before = await ShownAsync(registry);
        using var server = _files.Authority.ForServer();
        _files.Write("server.pem", server.Pem);
        await KeptAsync(registry);
        Assert.Equal(before, await ShownAsync(registry));

        _files.Write("server.key", "-----BEGIN PRIVATE KEY-----\nMIG");
        await KeptAsync(registry, times: 2);
        File.Delete(_files.Certificate);
        await KeptAsync(registry, times: 3);
        Assert.Equal(before, await ShownAsync(registry));

        _files.Write("server.key", server.Pkcs8);
        _files.Write("server.pem", server.Pem);
        await UntilShownAsync(registry, ThumbprintOf(server));
    }

    [Fact]
    public async Task What_stays_wrong_is_told_once()
    {
        await using var registry = await StartAsync();
        _files.Write("server.key", "no key");
        await KeptAsync(registry);
        for (var i = 0; i < 15; i++)
        {
            await ShownAsync(registry);
            await Task.Delay(200, Token);
        }
        Assert.Single(registry.LogLines, IsKept);
    }

    /// <summary>certbot: <c>live/name/fullchain.pem</c> is a link to <c>archive/name/fullchain1.pem</c>, and then to <c>fullchain2.pem</c>.</summary>
    [Fact]
    public async Task A_link_that_points_elsewhere_is_a_new_certificate()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need rights there");
        var (certificate, key) = (Path.Combine(_files.Path, "fullchain.pem"), Path.Combine(_files.Path, "privkey.pem"));
        await LinkAsync(certificate, _files.Certificate);
        await LinkAsync(key, _files.Key);
        await using var registry = await StartAsync(tls => tls with { Certificate = certificate, Key = key });
        var renewed = Renew(Path.Combine(_files.Path, "fullchain2.pem"), Path.Combine(_files.Path, "privkey2.pem"));
        await LinkAsync(certificate, "fullchain2.pem");
        await LinkAsync(key, "privkey2.pem");
        await UntilShownAsync(registry, renewed);
    }

    /// <summary>Kubernetes: the files are links into <c>..data</c>, which is a link to a folder and is replaced at once.</summary>
    [Fact]
    public async Task A_folder_that_is_replaced_through_a_link_is_a_new_certificate()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need rights there");
        Directory.CreateDirectory(Path.Combine(_files.Path, "..1"));
        var first = Renew(Path.Combine(_files.Path, "..1", "tls.crt"), Path.Combine(_files.Path, "..1", "tls.key"));
        await LinkAsync(Path.Combine(_files.Path, "..data"), "..1");
        await LinkAsync(Path.Combine(_files.Path, "tls.crt"), "..data/tls.crt");
        await LinkAsync(Path.Combine(_files.Path, "tls.key"), "..data/tls.key");
        await using var registry = await StartAsync(tls => tls with { Certificate = Path.Combine(_files.Path, "tls.crt"), Key = Path.Combine(_files.Path, "tls.key") });
        Assert.Equal(first, await ShownAsync(registry));
        Directory.CreateDirectory(Path.Combine(_files.Path, "..2"));
        var renewed = Renew(Path.Combine(_files.Path, "..2", "tls.crt"), Path.Combine(_files.Path, "..2", "tls.key"));
        await LinkAsync(Path.Combine(_files.Path, "..data"), "..2");
        await UntilShownAsync(registry, renewed);
    }

    [Fact]
    public async Task Authorities_of_clients_are_read_again()
    {
        using var other = TestAuthority.Make("Others");
        using var certificate = other.ForClient();
        using var bob = certificate.WithKey();
        await using var registry = await StartAsync(tls => tls with { ClientAuthorities = [_files.AuthorityFile], ClientCertificates = ClientCertificates.RequireAndVerify });
        Assert.False(await AgreesAsync(registry, bob));
        _files.Write("ca.crt", _files.Authority.Pem + other.Pem);
        for (var i = 0; i < 100 && !await AgreesAsync(registry, bob); i++)
            await Task.Delay(100, Token);
        Assert.True(await AgreesAsync(registry, bob));
    }

    [Fact]
    public async Task Certificates_swapped_under_load_fail_no_request()
    {
        await using var registry = await StartAsync();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        // One half keeps its connection, the other half makes one for every image.
        var load = Enumerable.Range(0, 4).Select(async worker =>
        {
            var count = 0;
            using var kept = Connect(registry);
            for (; !stop.IsCancellationRequested; count++)
            {
                using var anew = worker % 2 == 0 ? null : Connect(registry);
                await TinyImages.PushAsync(anew ?? kept, $"load{worker}", "v1", TestBytes.Make(2000, worker * 100_000 + count), Token);
            }
            return count;
        }).ToList();
        for (var round = 0; round < 3; round++)
            await UntilShownAsync(registry, Renew(_files.Certificate, _files.Key));
        await stop.CancelAsync();
        Assert.All(await Task.WhenAll(load), count => Assert.NotEqual(0, count));
    }

    [Fact]
    public async Task Other_files_and_settings_count_when_the_configuration_is_read_again()
    {
        using var folder = new Serving.ReloadFolder();
        await using var registry = await TestRegistry.StartAsync(folder.Write("", http: Tls(_files.Certificate, _files.Key)));
        var renewed = Renew(Path.Combine(_files.Path, "other.pem"), Path.Combine(_files.Path, "other.key"));
        folder.Write("", http: Tls(Path.Combine(_files.Path, "other.pem"), Path.Combine(_files.Path, "other.key")) + $"\n    clientcas: ['{_files.AuthorityFile}']");
        var reload = await registry.Server.ReloadAsync(cancellationToken: Token);
        Assert.True(reload.IsApplied && reload.Changes.All(change => !change.NeedsRestart), string.Join('\n', reload.Faults));
        using var ann = _files.Authority.ForClient();
        using var shown = ann.WithKey();
        Assert.Equal(renewed, await ShownAsync(registry, shown));
        Assert.False(await AgreesAsync(registry, null));

        folder.Write("");
        reload = await registry.Server.ReloadAsync(cancellationToken: Token);
        Assert.True(reload.IsApplied && reload.Changes.All(change => change.NeedsRestart));
        Assert.Equal(renewed, await ShownAsync(registry, shown));
    }

    private static string Tls(string certificate, string key) => $"  tls:\n    certificate: '{certificate}'\n    key: '{key}'";

    private static bool IsKept(string line) => line.Contains("goes on serving", StringComparison.Ordinal);

    /// <summary>Shakes hands until the files were looked at again and found wrong.</summary>
    private async Task KeptAsync(TestRegistry registry, int times = 1)
    {
        for (var i = 0; i < 100 && registry.LogLines.Count(IsKept) < times; i++)
        {
            await ShownAsync(registry);
            await Task.Delay(100, Token);
        }
        Assert.Equal(times, registry.LogLines.Count(IsKept));
    }

    private async Task UntilShownAsync(TestRegistry registry, string thumbprint)
    {
        for (var i = 0; i < 100 && await ShownAsync(registry) != thumbprint; i++)
            await Task.Delay(100, Token);
        Assert.Equal(thumbprint, await ShownAsync(registry));
    }

    /// <summary>The thumbprint of the certificate that a new connection is shown.</summary>
    private async Task<string> ShownAsync(TestRegistry registry, X509Certificate2? client = null)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync("127.0.0.1", registry.Http.Address.Port, Token);
        await using var tls = new SslStream(socket.GetStream());
        await tls.AuthenticateAsClientAsync(TlsTrust.In(_files.Authority, client), Token);
        return tls.RemoteCertificate!.GetCertHashString();
    }

    private async Task<bool> AgreesAsync(TestRegistry registry, X509Certificate2? client)
    {
        using var http = new RegistryHttp(registry.Http.Address, TlsTrust.In(_files.Authority, client));
        try
        {
            return (await http.GetAsync("/v2/", Token)).Status == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private RegistryHttp Connect(TestRegistry registry) => new(registry.Http.Address, TlsTrust.In(_files.Authority));

    private string Renew(string certificate, string key)
    {
        using var server = _files.Authority.ForServer();
        File.WriteAllText(certificate, server.Pem);
        File.WriteAllText(key, server.Pkcs8);
        return ThumbprintOf(server);
    }

    private static string ThumbprintOf(IssuedCertificate issued)
    {
        using var certificate = X509Certificate2.CreateFromPem(issued.Pem);
        return certificate.Thumbprint;
    }

    /// <summary>A link takes the place of another in one step.</summary>
    private static async Task LinkAsync(string path, string target)
    {
        File.CreateSymbolicLink(path + ".new", target);
        (await ProgramRun.OfAsync(new ProgramCommand("mv", ["-T", path + ".new", path]), Token)).MustExitWith(0);
    }

    private Task<TestRegistry> StartAsync(Func<TlsConfiguration, TlsConfiguration>? change = null)
    {
        var tls = new TlsConfiguration { Certificate = _files.Certificate, Key = _files.Key };
        return TestRegistry.StartAsync(configuration => configuration with { Http = configuration.Http with { Tls = change?.Invoke(tls) ?? tls } });
    }
}
