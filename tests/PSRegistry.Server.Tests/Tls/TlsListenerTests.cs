using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using PSRegistry.Server.Configuration;
using PSRegistry.Testing;

namespace PSRegistry.Server.Tests.Tls;

/// <summary>A registry that speaks TLS, and clients that trust its CA.</summary>
public sealed class TlsListenerTests : IDisposable
{
    private readonly TlsFolder _files = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task An_image_goes_in_and_out_over_tls()
    {
        await using var registry = await StartAsync();
        using var http = Connect(registry);
        var image = await TinyImages.PushAsync(http, "a/b", "v1", TestBytes.Make(300_000), Token);
        foreach (var blob in image.Blobs)
            Assert.Equal(blob, ContentDescriptor.DigestOf((await http.GetBlobAsync("a/b", blob, Token)).MustBe(HttpStatusCode.OK).Body));
        Assert.Equal("https", registry.Server.Addresses[0].Scheme);
    }

    [Fact]
    public async Task The_chain_is_sent_so_that_the_root_is_all_a_client_needs()
    {
        using var below = _files.Authority.MakeBelow("PSRegistry Intermediate");
        using var server = below.ForServer();
        await using var registry = await StartAsync(tls => tls with
        {
            Certificate = _files.Write("chain.pem", server.Pem + below.Pem),
            Key = _files.Write("chain.key", server.Traditional),
        });
        using var http = Connect(registry);
        (await http.GetAsync("/v2/", Token)).MustBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData(SslProtocols.Tls12, SslProtocols.Tls12 | SslProtocols.Tls13, true)]
    [InlineData(SslProtocols.Tls13, SslProtocols.Tls12 | SslProtocols.Tls13, true)]
    [InlineData(SslProtocols.Tls12, SslProtocols.Tls13, false)]
    [InlineData(SslProtocols.Tls13, SslProtocols.Tls13, true)]
    public async Task The_minimum_version_is_kept(SslProtocols client, SslProtocols server, bool agree)
    {
        await using var registry = await StartAsync(tls => tls with { Protocols = server });
        using var http = new RegistryHttp(registry.Http.Address, TlsTrust.In(_files.Authority, protocols: client));
        await MustAgreeAsync(http, agree);
    }

    [Theory]
    [InlineData(TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, true)]
    [InlineData(TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, false)]
    public async Task Only_the_suites_that_are_named_are_spoken(TlsCipherSuite client, bool agree)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "programs choose suites on Linux alone");
        await using var registry = await StartAsync(tls => tls with { CipherSuites = [TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256] });
#pragma warning disable CA1416 // Linux, as said above.
        using var http = new RegistryHttp(registry.Http.Address, TlsTrust.In(_files.Authority, protocols: SslProtocols.Tls12, suites: new CipherSuitesPolicy([client])));
#pragma warning restore CA1416
        await MustAgreeAsync(http, agree);
    }

    /// <summary>Who comes in: nobody's certificate, one of another CA, one for servers, and a good one.</summary>
    [Theory]
    [InlineData(ClientCertificates.NotAsked, true, true, true, true)]
    [InlineData(ClientCertificates.Request, true, true, true, true)]
    [InlineData(ClientCertificates.RequireAny, false, true, true, true)]
    [InlineData(ClientCertificates.VerifyIfGiven, true, false, false, true)]
    [InlineData(ClientCertificates.RequireAndVerify, false, false, false, true)]
    public async Task Certificates_of_clients_are_asked_for_as_configured(ClientCertificates mode, bool none, bool foreign, bool forServers, bool good)
    {
        using var stranger = TestAuthority.Make("Somebody Else");
        using var ofStranger = stranger.ForClient();
        using var ofServer = _files.Authority.ForServer();
        using var ann = _files.Authority.ForClient();
        await using var registry = await StartAsync(tls => tls with { ClientCertificates = mode, ClientAuthorities = [_files.AuthorityFile] });
        foreach (var (certificate, agree) in new[] { (null, none), (ofStranger, foreign), (ofServer, forServers), (ann, good) })
        {
            using var shown = certificate?.WithKey();
            using var http = Connect(registry, shown);
            await MustAgreeAsync(http, agree);
        }
    }

    [Fact]
    public async Task A_CA_below_another_can_be_the_one_that_is_trusted()
    {
        using var below = _files.Authority.MakeBelow("Clients");
        using var ofBelow = below.ForClient();
        using var ofRoot = _files.Authority.ForClient();
        await using var registry = await StartAsync(tls => tls with
        {
            ClientCertificates = ClientCertificates.RequireAndVerify,
            ClientAuthorities = [_files.Write("below.pem", below.Pem)],
        });
        using var good = ofBelow.WithKey();
        using var other = ofRoot.WithKey();
        using var trusted = Connect(registry, good);
        await MustAgreeAsync(trusted, true);
        using var refused = Connect(registry, other);
        await MustAgreeAsync(refused, false);
    }

    [Theory]
    [InlineData(false, "2.0")]
    [InlineData(true, "1.1")]
    public async Task Http2_is_agreed_on_unless_it_is_switched_off(bool disabled, string version)
    {
        await using var registry = await StartAsync(tls => tls, http => http with { Http2Disabled = disabled });
        using var handler = new SocketsHttpHandler { SslOptions = TlsTrust.In(_files.Authority), UseProxy = false };
        using var client = new HttpClient(handler);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(registry.Http.Address, "/v2/"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        using var answer = await client.SendAsync(request, Token);
        Assert.Equal((HttpStatusCode.OK, new Version(version)), (answer.StatusCode, answer.Version));
    }

    [Fact]
    public async Task Absolute_locations_are_https()
    {
        await using var registry = await StartAsync(tls => tls, http => http with { RelativeUrls = false });
        using var http = Connect(registry);
        Assert.StartsWith(registry.Http.Address.ToString(), (await http.BeginUploadAsync("a", Token)).Header("Location"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_taken_away_after_the_check_stop_the_start()
    {
        File.Delete(_files.Key);
        var fault = await Assert.ThrowsAsync<RegistryStartException>(() => StartAsync());
        Assert.Contains("http.tls.key", fault.Message, StringComparison.Ordinal);
    }

    private static async Task MustAgreeAsync(RegistryHttp http, bool agree)
    {
        if (agree)
            (await http.GetAsync("/v2/", Token)).MustBe(HttpStatusCode.OK);
        else
            await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync("/v2/", Token));
    }

    private RegistryHttp Connect(TestRegistry registry, X509Certificate2? shown = null) => new(registry.Http.Address, TlsTrust.In(_files.Authority, shown));

    private Task<TestRegistry> StartAsync(Func<TlsConfiguration, TlsConfiguration>? change = null, Func<HttpConfiguration, HttpConfiguration>? more = null)
    {
        var tls = new TlsConfiguration { Certificate = _files.Certificate, Key = _files.Key };
        return TestRegistry.StartAsync(configuration =>
        {
            var http = configuration.Http with { Tls = change?.Invoke(tls) ?? tls };
            return configuration with { Http = more?.Invoke(http) ?? http };
        });
    }
}
