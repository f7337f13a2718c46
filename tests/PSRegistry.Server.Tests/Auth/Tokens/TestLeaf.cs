using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using PSRegistry.Testing;

namespace PSRegistry.Server.Tests.Auth.Tokens;

/// <summary>Signs certificates with one that is no CA, as nobody may.</summary>
internal sealed class TestLeaf(IssuedCertificate leaf) : IDisposable
{
    private readonly X509Certificate2 _leaf = leaf.WithKey();

    public string Sign(AsymmetricAlgorithm key)
    {
        var request = new CertificateRequest("CN=tokens", (ECDsa)key, HashAlgorithmName.SHA256);
        using var issuer = _leaf.GetECDsaPrivateKey()!;
        using var certificate = request.Create(
            _leaf.SubjectName, X509SignatureGenerator.CreateForECDsa(issuer), DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1), [1, 2, 3]);
        return certificate.ExportCertificatePem();
    }

    public void Dispose() => _leaf.Dispose();
}
