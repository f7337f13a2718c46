using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace PSRegistry.Testing;

/// <summary>A certificate with its private key, in every form in which operators have them.</summary>
/// <param name="Pem">The certificate in PEM form.</param>
/// <param name="Key">The private key.</param>
public sealed record IssuedCertificate(string Pem, AsymmetricAlgorithm Key) : IDisposable
{
    /// <summary><c>-----BEGIN PRIVATE KEY-----</c></summary>
    public string Pkcs8 => Key.ExportPkcs8PrivateKeyPem() + "\n";

    /// <summary><c>-----BEGIN RSA PRIVATE KEY-----</c> or <c>-----BEGIN EC PRIVATE KEY-----</c></summary>
    public string Traditional => (Key switch
    {
        RSA rsa => rsa.ExportRSAPrivateKeyPem(),
        ECDsa ec => ec.ExportECPrivateKeyPem(),
        _ => throw new NotSupportedException(),
    }) + "\n";

    /// <summary><c>-----BEGIN ENCRYPTED PRIVATE KEY-----</c></summary>
    public string Encrypted => Key.ExportEncryptedPkcs8PrivateKeyPem("secret", new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000)) + "\n";

    /// <summary>Both together, for a client to show.</summary>
    public X509Certificate2 WithKey()
    {
        // Windows and macOS show no certificate whose key is in memory alone.
        using var joined = X509Certificate2.CreateFromPem(Pem, Pkcs8);
        return X509CertificateLoader.LoadPkcs12(joined.Export(X509ContentType.Pkcs12), null);
    }

    /// <inheritdoc/>
    public void Dispose() => Key.Dispose();
}
