using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace PSRegistry.Testing;

/// <summary>A certificate authority of a test's own, which signs certificates for servers and clients.</summary>
public sealed class TestAuthority : IDisposable
{
    private const string ForServers = "1.3.6.1.5.5.7.3.1";
    private const string ForClients = "1.3.6.1.5.5.7.3.2";

    private readonly X509Certificate2 _certificate;

    private TestAuthority(X509Certificate2 certificate) => _certificate = certificate;

    /// <summary>The CA's certificate in PEM form.</summary>
    public string Pem => _certificate.ExportCertificatePem() + "\n";

    /// <summary>Makes a CA that trusts itself.</summary>
    public static TestAuthority Make(string name = "PSRegistry Test CA")
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = AuthorityRequest(name, key);
        return new TestAuthority(request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30)));
    }

    /// <summary>Makes a CA below this one.</summary>
    public TestAuthority MakeBelow(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var bare = AuthorityRequest(name, key).Create(_certificate, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(20), NewSerial());
        return new TestAuthority(bare.CopyWithPrivateKey(key));
    }

    /// <summary>A certificate for this machine: <c>localhost</c> and 127.0.0.1.</summary>
    /// <param name="days">How long it is valid; negative for one that has expired.</param>
    public IssuedCertificate ForServer(int days = 10)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Sign(new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256), key, ForServers, days, ForThisMachine);
    }

    /// <summary>The same with an RSA key.</summary>
    public IssuedCertificate ForServerWithRsa()
    {
        var key = RSA.Create(2048);
        return Sign(new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1), key, ForServers, 10, ForThisMachine);
    }

    /// <summary>A certificate with which a client shows who it is.</summary>
    public IssuedCertificate ForClient(string name = "ann")
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Sign(new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256), key, ForClients, 10, _ => { });
    }

    /// <summary>A certificate for a key that signs tokens.</summary>
    /// <param name="key">The key; the certificate disposes of it.</param>
    /// <param name="days">How long it is valid; negative for one that has expired.</param>
    public IssuedCertificate ForTokens(AsymmetricAlgorithm key, int days = 10) => Sign(
        key is RSA rsa
            ? new CertificateRequest("CN=tokens", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : new CertificateRequest("CN=tokens", (ECDsa)key, HashAlgorithmName.SHA256),
        key,
        ForServers,
        days,
        _ => { });

    /// <inheritdoc/>
    public void Dispose() => _certificate.Dispose();

    private static CertificateRequest AuthorityRequest(string name, ECDsa key)
    {
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        return request;
    }

    private IssuedCertificate Sign(CertificateRequest request, AsymmetricAlgorithm key, string usage, int days, Action<CertificateRequest> name)
    {
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], false));
        name(request);
        var end = DateTimeOffset.UtcNow.AddDays(days);
        using var issuer = _certificate.GetECDsaPrivateKey()!;
        using var certificate = request.Create(
            _certificate.SubjectName, X509SignatureGenerator.CreateForECDsa(issuer), end.AddDays(-Math.Abs(days) - 0.5), end, NewSerial());
        return new IssuedCertificate(certificate.ExportCertificatePem() + "\n", key);
    }

    private static void ForThisMachine(CertificateRequest request)
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
    }

    private static byte[] NewSerial()
    {
        var serial = RandomNumberGenerator.GetBytes(16);
        serial[0] &= 0x7F;
        return serial;
    }
}
