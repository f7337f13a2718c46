using System.Management.Automation;
using System.Security.Cryptography.X509Certificates;
using PSRegistry.Testing;

namespace PSRegistry.ModuleTests.Certificates;

public sealed class CertificateTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Session _session = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _session.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("ECDsa", X509KeyUsageFlags.DigitalSignature)]
    [InlineData("RSA", X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment)]
    public void A_certificate_is_for_its_names_and_a_server_alone(string algorithm, X509KeyUsageFlags usage)
    {
        var made = Make($"registry.local -DnsName *.images.local -IPAddress 10.0.0.5 -Algorithm {algorithm}");
        using var certificate = X509Certificate2.CreateFromPemFile(made.Get<string>("CertificatePath"), made.Get<string>("KeyPath"));
        var names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().Single();
        Assert.Equal(["registry.local", "*.images.local", "localhost"], names.EnumerateDnsNames());
        Assert.Equal(["10.0.0.5", "127.0.0.1", "::1"], names.EnumerateIPAddresses().Select(address => address.ToString()));
        Assert.Equal(usage, certificate.Extensions.OfType<X509KeyUsageExtension>().Single().KeyUsages);
        Assert.Equal("1.3.6.1.5.5.7.3.1", Assert.Single(certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().Single().EnhancedKeyUsages.Cast<System.Security.Cryptography.Oid>()).Value);
        Assert.False(certificate.Extensions.OfType<X509BasicConstraintsExtension>().Single().CertificateAuthority);
        Assert.Equal(825, (certificate.NotAfter - certificate.NotBefore).TotalDays);
        Assert.Equal((certificate.Thumbprint, certificate.NotAfter), (made.Get<string>("Thumbprint"), made.Get<DateTime>("NotAfter")));
        using var authority = X509CertificateLoader.LoadCertificateFromFile(_folder["ca.crt"]);
        Assert.True(IsTrusted(certificate, authority));
    }

    [Fact]
    public void Keys_are_their_owners_alone()
    {
        Make("registry.local");
        Assert.Equal(["ca.crt", "ca.key", "registry.local.crt", "registry.local.key"], Directory.EnumerateFiles(_folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        foreach (var key in new[] { "ca.key", "registry.local.key" })
        {
            if (!OperatingSystem.IsWindows())
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder[key]));
        }
    }

    [Fact]
    public void Nothing_is_written_over_without_force_and_the_authority_never()
    {
        Make("registry.local");
        var (authority, key, server) = (File.ReadAllText(_folder["ca.crt"]), File.ReadAllText(_folder["ca.key"]), File.ReadAllText(_folder["registry.local.crt"]));
        var error = _session.Fails($"New-RegistryCertificate registry.local '{_folder}'");
        Assert.Equal("CertificateFileExists,PSRegistry.Commands.NewRegistryCertificateCommand", error.FullyQualifiedErrorId);
        Assert.Equal(server, File.ReadAllText(_folder["registry.local.crt"]));
        Make("registry.local -Force");
        Assert.NotEqual(server, File.ReadAllText(_folder["registry.local.crt"]));
        Make("other.local");
        Assert.Equal((authority, key), (File.ReadAllText(_folder["ca.crt"]), File.ReadAllText(_folder["ca.key"])));
    }

    [Fact]
    public void An_authority_that_is_named_signs_what_was_asked_for_and_no_more()
    {
        Make("first.local");
        var made = _session.Run($"New-RegistryCertificate registry.corp '{_folder["new"]}' -Issuer '{_folder["ca.crt"]}' -IssuerKey '{_folder["ca.key"]}' -Days 30");
        using var certificate = X509CertificateLoader.LoadCertificateFromFile(Assert.Single(made).Get<string>("CertificatePath"));
        Assert.Equal(["registry.corp"], certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().Single().EnumerateDnsNames());
        Assert.Equal(["registry.corp.crt", "registry.corp.key"], Directory.EnumerateFiles(_folder["new"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        using var issuer = X509CertificateLoader.LoadCertificateFromFile(_folder["ca.crt"]);
        Assert.True(IsTrusted(certificate, issuer));
    }

    [Fact]
    public void What_cannot_sign_is_named()
    {
        Make("registry.local");
        var error = _session.Fails($"New-RegistryCertificate x.local '{_folder}' -Issuer '{_folder["registry.local.crt"]}' -IssuerKey '{_folder["registry.local.key"]}'");
        Assert.Equal("CertificateAuthorityUnusable,PSRegistry.Commands.NewRegistryCertificateCommand", error.FullyQualifiedErrorId);
        error = _session.Fails($"New-RegistryCertificate x.local '{_folder}' -Issuer '{_folder["ca.crt"]}' -IssuerKey '{_folder["registry.local.key"]}'");
        Assert.Contains("do not belong together", error.ToString(), StringComparison.Ordinal);
        error = _session.Fails($"New-RegistryCertificate x.local '{_folder}' -Issuer '{_folder["none.crt"]}' -IssuerKey '{_folder["ca.key"]}'");
        Assert.Equal("CertificateFileUnusable,PSRegistry.Commands.NewRegistryCertificateCommand", error.FullyQualifiedErrorId);
        Assert.False(File.Exists(_folder["x.local.crt"]));
    }

    [Theory]
    [InlineData("'not a host'")]
    [InlineData("'https://registry.local'")]
    [InlineData("registry.local -DnsName a..b")]
    [InlineData("registry.local -IPAddress 'a b'")]
    public void What_is_no_name_is_refused(string arguments) =>
        Assert.Equal("InvalidHostName,PSRegistry.Commands.NewRegistryCertificateCommand", _session.Fails($"New-RegistryCertificate {arguments} -Path '{_folder["none"]}'").FullyQualifiedErrorId);

    [Fact]
    public void What_if_writes_nothing()
    {
        Assert.Empty(_session.Run($"New-RegistryCertificate registry.local '{_folder["none"]}' -WhatIf"));
        Assert.False(Directory.Exists(_folder["none"]));
    }

    [Fact]
    public void The_instructions_name_the_registry_as_clients_do()
    {
        Assert.Contains("/etc/docker/certs.d/registry.local:5001/", Make("registry.local:5001").Get<string>("TrustInstructions"), StringComparison.Ordinal);
        Assert.Contains("/etc/docker/certs.d/registry.local/", Make("registry.local:443 -Force").Get<string>("TrustInstructions"), StringComparison.Ordinal);
        Assert.Equal("[fd00::5]:5000", Make("fd00::5").Get<string>("Registry"));
    }

    [Fact]
    public async Task A_server_with_it_is_pushed_to_by_skopeo_and_listed_by_who_trusts_its_authority()
    {
        await using var skopeo = new Skopeo();
        await using var images = new RealImages();
        var image = (await images.ArtifactAsync()).Reference;
        var made = Make("registry.local");
        File.WriteAllText(_folder["config.yml"], "version: 0.1\nstorage: {inmemory: {}}\n" + made.Get<string>("Configuration"));
        var server = Assert.Single(_session.Run($"Start-RegistryServer '{_folder["config.yml"]}' -Address 127.0.0.1 -Port 0"));
        var registry = $"127.0.0.1:{server.Get<Uri>("Uri").Port}";
        Directory.CreateDirectory(_folder["trusted"]);
        File.Copy(_folder["ca.crt"], _folder["trusted", "ca.crt"]);
        (await ProgramRun.OfAsync(skopeo.Command("copy", "--quiet", "--dest-cert-dir", _folder["trusted"], image, $"docker://{registry}/team/app:1.0"), Token)).MustExitWith(0);

        var list = $"Get-RegistryCatalog -Registry https://{registry} | Get-RegistryTag";
        if (!OperatingSystem.IsLinux())
            return;
        Assert.Equal($"{registry}/team/app:1.0", (await Shell.RunAsync(list, Token, ("SSL_CERT_FILE", _folder["ca.crt"]))).Output.Trim());
        var refused = await ProgramRun.OfAsync(Shell.Command(list), Token);
        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains("certificate", refused.Error, StringComparison.Ordinal);
    }

    private PSObject Make(string arguments) => Assert.Single(_session.Run($"New-RegistryCertificate {arguments} -Path '{_folder}'"));

    private static bool IsTrusted(X509Certificate2 certificate, X509Certificate2 authority)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        return chain.Build(certificate);
    }
}
