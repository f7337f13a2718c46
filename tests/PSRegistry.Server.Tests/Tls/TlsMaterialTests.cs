using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using PSRegistry.Server.Configuration;
using PSRegistry.Server.Tls;
using PSRegistry.Testing;

namespace PSRegistry.Server.Tests.Tls;

/// <summary>The files of http.tls: every form that works, and what is said about those that do not.</summary>
public sealed class TlsMaterialTests : IDisposable
{
    private readonly TlsFolder _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void Keys_of_every_form_are_read()
    {
        using var ec = _files.Authority.ForServer();
        using var rsa = _files.Authority.ForServerWithRsa();
        foreach (var (certificate, key) in new[] { (ec, ec.Pkcs8), (ec, ec.Traditional), (rsa, rsa.Pkcs8), (rsa, rsa.Traditional) })
        {
            using var material = Load(certificate.Pem, key);
            Assert.Empty(material.Faults);
            Assert.True(material.Certificate!.HasPrivateKey);
        }
    }

    // openssl ecparam -genkey writes the curve before the key.
    [Fact]
    public void A_key_behind_its_curve_is_read()
    {
        using var ec = _files.Authority.ForServer();
        using var material = Load(ec.Pem, "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n" + ec.Traditional);
        Assert.Empty(material.Faults);
    }

    [Fact]
    public void Certificates_behind_the_first_are_its_chain()
    {
        using var below = _files.Authority.MakeBelow("PSRegistry Intermediate");
        using var server = below.ForServer();
        using var material = Load(server.Pem + below.Pem, server.Pkcs8);
        Assert.Empty(material.Faults);
        Assert.Equal("CN=localhost", material.Certificate!.Subject);
        Assert.Equal("CN=PSRegistry Intermediate", Assert.Single(material.Chain).Subject);
    }

    [Fact]
    public void A_key_and_a_certificate_in_one_file_are_read()
    {
        using var ec = _files.Authority.ForServer();
        using var material = Load(ec.Pkcs8 + ec.Pem, ec.Pkcs8 + ec.Pem);
        Assert.Empty(material.Faults);
    }

    [Fact]
    public void A_key_of_another_certificate_is_an_error()
    {
        using var one = _files.Authority.ForServer();
        using var other = _files.Authority.ForServer();
        using var rsa = _files.Authority.ForServerWithRsa();
        Assert.Equal("http.tls.key", Refused(one.Pem, other.Pkcs8).KeyPath);
        Assert.Equal("http.tls.key", Refused(one.Pem, rsa.Pkcs8).KeyPath);
        Assert.Equal("http.tls.key", Refused(rsa.Pem, one.Traditional).KeyPath);
    }

    [Fact]
    public void An_encrypted_key_is_an_error_that_says_how_to_decrypt_it()
    {
        using var one = _files.Authority.ForServer();
        Assert.Contains("openssl", Refused(one.Pem, one.Encrypted).Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")]
    [InlineData("-----BEGIN CERTIFICATE-----\n%%%\n-----END CERTIFICATE-----\n")]
    public void A_file_that_is_no_certificate_is_an_error(string text)
    {
        using var one = _files.Authority.ForServer();
        Assert.Equal("http.tls.certificate", Refused(text, one.Pkcs8).KeyPath);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")]
    [InlineData("-----BEGIN EC PRIVATE KEY-----\n%%%\n-----END EC PRIVATE KEY-----\n")]
    public void A_file_that_is_no_key_is_an_error(string text)
    {
        using var one = _files.Authority.ForServer();
        Assert.Equal("http.tls.key", Refused(one.Pem, text).KeyPath);
    }

    [Fact]
    public void Certificate_and_key_in_each_others_place_are_told_apart()
    {
        using var one = _files.Authority.ForServer();
        Assert.Contains("http.tls.key", Refused(one.Pkcs8, one.Pem).Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void An_expired_certificate_is_served_with_a_warning()
    {
        using var old = _files.Authority.ForServer(days: -3);
        using var material = Load(old.Pem, old.Pkcs8);
        var fault = Assert.Single(material.Faults);
        Assert.Equal((FaultSeverity.Warning, "http.tls.certificate"), (fault.Severity, fault.KeyPath));
        Assert.Contains("expired", fault.Message, StringComparison.Ordinal);
        Assert.NotNull(material.Certificate);
    }

    [Fact]
    public void A_key_of_a_kind_that_cannot_be_served_is_an_error()
    {
        using var dsa = DSA.Create(1024);
        var generator = X509SignatureGenerator.CreateForECDsa(ECDsa.Create(ECCurve.NamedCurves.nistP256));
        var request = new CertificateRequest(new X500DistinguishedName("CN=a"), new PublicKey(dsa), HashAlgorithmName.SHA256);
        using var certificate = request.Create(new X500DistinguishedName("CN=b"), generator, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1), [1]);
        Assert.Contains("not supported", Refused(certificate.ExportCertificatePem(), dsa.ExportPkcs8PrivateKeyPem()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_CA_is_an_error()
    {
        using var material = TlsMaterial.Load(new() { Certificate = _files.Certificate, Key = _files.Key, ClientAuthorities = [_files.AuthorityFile, _files.Key] });
        Assert.Equal("http.tls.clientcas", Assert.Single(material.Faults).KeyPath);
        Assert.Single(material.ClientAuthorities);
    }

    /// <summary>The store of this user, which .NET keeps on Linux too, though servers take nothing from it there.</summary>
    [Fact]
    public void A_certificate_of_the_store_goes_by_its_thumbprint()
    {
        using var issued = _files.Authority.ForServer();
        using var certificate = issued.WithKey();
        var tls = new TlsConfiguration { Thumbprint = certificate.Thumbprint, Store = StoreLocation.CurrentUser };
        using var none = TlsMaterial.Load(tls);
        Assert.Equal("http.tls.thumbprint", none.Fault!.KeyPath);
        Assert.SkipUnless(OperatingSystem.IsLinux(), "keeps a key elsewhere for good");
        using var store = new X509Store(StoreName.My, StoreLocation.CurrentUser);
        store.Open(OpenFlags.ReadWrite);
        store.Add(certificate);
        try
        {
            using var material = TlsMaterial.Load(tls);
            Assert.Empty(material.Faults);
            Assert.True(material.Certificate!.HasPrivateKey);
        }
        finally
        {
            store.Remove(certificate);
        }
    }

    private TlsFault Refused(string certificate, string key)
    {
        using var material = Load(certificate, key);
        Assert.Null(material.Certificate);
        var fault = Assert.Single(material.Faults);
        Assert.Equal(FaultSeverity.Error, fault.Severity);
        return fault;
    }

    private TlsMaterial Load(string certificate, string key) =>
        TlsMaterial.Load(new() { Certificate = _files.Write("given.pem", certificate), Key = _files.Write("given.key", key) });
}
