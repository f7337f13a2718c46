using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using PSRegistry.Server.Auth;
using PSRegistry.Server.Tests.Serving;
using PSRegistry.Testing;

namespace PSRegistry.Server.Tests.Auth.Rules;

/// <summary>A client's certificate names the user that the rules are about.</summary>
public sealed class CertificateUserTests : IDisposable
{
    private const string Rules = """
        access:
          rules:
          - {anonymous: true, repositories: [public/**], actions: [pull]}
          - {users: [ann], actions: [push]}
          - {users: ['*'], repositories: ['${user}/**'], actions: [push]}

        """;

    private readonly TlsFolder _files = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData("ann", "public/a", HttpStatusCode.Accepted)]
    [InlineData("bob", "public/a", HttpStatusCode.Forbidden)]
    [InlineData("bob", "bob/a", HttpStatusCode.Accepted)]
    [InlineData("bob", "ann/a", HttpStatusCode.Forbidden)]
    [InlineData(null, "public/a", HttpStatusCode.Forbidden)]
    public async Task The_common_name_is_the_user(string? name, string repository, HttpStatusCode status)
    {
        await using var registry = await StartAsync("verify-client-cert-if-given");
        using var issued = name is null ? null : _files.Authority.ForClient(name);
        using var shown = issued?.WithKey();
        using var http = Connect(registry, shown);
        for (var i = 0; i < 2; i++)
            (await http.SendAsync(HttpMethod.Post, $"/v2/{repository}/blobs/uploads/", null, Token)).MustBe(status);
        (await http.GetAsync("/v2/", Token)).MustBe(HttpStatusCode.OK);
        (await http.GetAsync("/v2/public/x/tags/list", Token)).MustBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_certificate_that_nobody_checked_names_nobody()
    {
        using var stranger = TestAuthority.Make("Somebody Else");
        await using var registry = await StartAsync("request-client-cert");
        foreach (var authority in new[] { stranger, _files.Authority })
        {
            using var issued = authority.ForClient("ann");
            using var shown = issued.WithKey();
            using var http = Connect(registry, shown);
            (await http.SendAsync(HttpMethod.Post, "/v2/public/a/blobs/uploads/", null, Token)).MustBe(HttpStatusCode.Forbidden);
        }
    }

    [Theory]
    [InlineData("verify-client-cert-if-given", "request-client-cert")]
    [InlineData("request-client-cert", "verify-client-cert-if-given")]
    public async Task A_certificate_that_nobody_checked_names_nobody_also_when_the_checks_change(string before, string after)
    {
        using var folder = new ReloadFolder();
        using var stranger = TestAuthority.Make("Somebody Else");
        using var issued = stranger.ForClient("ann");
        using var shown = issued.WithKey();
        await using var registry = await TestRegistry.StartAsync(folder.Write(Rules, Tls(before)));
        // Where the client is let in, the connection is there before the checks change, and used again.
        using var early = new RegistryHttp(registry.Http.Address, TlsTrust.In(_files.Authority, shown));
        if (before == "request-client-cert")
            (await early.GetAsync("/v2/", Token)).MustBe(HttpStatusCode.OK);
        folder.Write(Rules, Tls(after));
        Assert.True((await registry.Server.ReloadAsync(cancellationToken: Token)).IsApplied);
        (await early.SendAsync(HttpMethod.Post, "/v2/public/a/blobs/uploads/", null, Token)).MustBe(HttpStatusCode.Forbidden);

        string Tls(string mode) => $"  tls: {{certificate: '{_files.Certificate}', key: '{_files.Key}', clientcas: ['{_files.AuthorityFile}'], clientauth: {mode}}}";
    }

    [Fact]
    public async Task Where_passwords_are_asked_for_a_certificate_is_not_enough()
    {
        await using var registry = await StartAsync("require-and-verify-client-cert", AccessRegistry.WithPasswords);
        using var issued = _files.Authority.ForClient("ann");
        using var shown = issued.WithKey();
        using var http = Connect(registry, shown);
        (await http.SendAsync(HttpMethod.Post, "/v2/public/a/blobs/uploads/", null, Token)).MustBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("CN=ann", null, "ann")]
    [InlineData("O=Example, CN=ann", "x.example", "ann")]
    [InlineData("O=ann", null, "")]
    [InlineData("O=Example", "build.example", "build.example")]
    [InlineData("CN=\"O=x,CN=root\"", null, "O=x,CN=root")]
    public void Without_a_common_name_it_is_another_name_that_the_certificate_is_for(string subject, string? host, string user)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        if (host is not null)
        {
            var names = new SubjectAlternativeNameBuilder();
            names.AddDnsName(host);
            request.CertificateExtensions.Add(names.Build());
        }
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        Assert.Equal(user, CertificateAccess.NameOf(certificate));
    }

    private Task<AccessRegistry> StartAsync(string mode, string auth = "") => AccessRegistry.StartAsync(
        auth + Rules, $"tls: {{certificate: '{_files.Certificate}', key: '{_files.Key}', clientcas: ['{_files.AuthorityFile}'], clientauth: {mode}}}");

    private RegistryHttp Connect(AccessRegistry registry, X509Certificate2? shown) => new(registry.Http.Address, TlsTrust.In(_files.Authority, shown));
}
