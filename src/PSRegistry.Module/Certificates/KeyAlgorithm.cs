using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace PSRegistry.Certificates;

/// <summary>The kind of a certificate's key.</summary>
public enum KeyAlgorithm
{
    /// <summary>P-256: small and quick, and read by everything of the last ten years.</summary>
    ECDsa,

    /// <summary>RSA of 3072 bits, for what is older.</summary>
    RSA,
}

internal static class KeyAlgorithms
{
    private const int RsaBits = 3072;

    public static AsymmetricAlgorithm NewKey(this KeyAlgorithm algorithm) =>
        algorithm == KeyAlgorithm.RSA ? RSA.Create(RsaBits) : ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>A request for a certificate over a key of either kind.</summary>
    public static CertificateRequest Request(this AsymmetricAlgorithm key, X500DistinguishedName subject) => key is RSA rsa
        ? new CertificateRequest(subject, rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
        : new CertificateRequest(subject, (ECDsa)key, HashAlgorithmName.SHA256);
}
