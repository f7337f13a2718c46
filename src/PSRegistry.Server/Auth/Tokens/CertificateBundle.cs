using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace PSRegistry.Server.Auth;

/// <summary>The certificates of <c>auth.token.rootcertbundle</c>: keys that tokens may be signed with, and what their chains must lead to.</summary>
internal sealed class CertificateBundle
{
    private CertificateBundle(X509Certificate2Collection certificates) =>
        (Certificates, Keys) = (certificates, [.. certificates.Select(TrustedKey.Of).OfType<TrustedKey>()]);

    /// <summary>The certificates.</summary>
    public X509Certificate2Collection Certificates { get; }

    /// <summary>Their keys.</summary>
    public IReadOnlyList<TrustedKey> Keys { get; }

    /// <summary>Reads PEM; null for what is damaged or holds no certificate.</summary>
    public static CertificateBundle? Parse(string text)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPem(text);
        }
        catch (CryptographicException)
        {
            return null;
        }
        return certificates.Count > 0 ? new CertificateBundle(certificates) : null;
    }
}
