using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace PSRegistry.Server.Auth;

/// <summary>The certificates that a token brings along (<c>x5c</c>, RFC 7515, 4.1.6): the first signed it, the rest lead to one that is trusted.</summary>
internal static class CertificateChain
{
    /// <summary>Nobody has more between a key and its CA, and each costs a signature check.</summary>
    private const int LengthLimit = 8;

    /// <summary>The key of the first certificate, and until when the chain holds; null where it leads to none of the anchors.</summary>
    /// <param name="chain">Certificates in DER, base 64.</param>
    /// <param name="anchors">What is trusted. It need not be a root, and may be the very certificate that signed.</param>
    /// <param name="now">The time that counts.</param>
    public static (TrustedKey Key, DateTimeOffset Until)? Verify(IReadOnlyList<string> chain, X509Certificate2Collection anchors, DateTimeOffset now)
    {
        if (chain.Count is 0 or > LengthLimit || anchors.Count == 0)
            return null;
        var certificates = new List<X509Certificate2>();
        try
        {
            certificates.AddRange(chain.Select(text => X509CertificateLoader.LoadCertificate(Convert.FromBase64String(text))));
            return Until(certificates, anchors, now) is { } until && TrustedKey.Of(certificates[0]) is { } key ? (key, until) : null;
        }
        catch (Exception fault) when (fault is FormatException or CryptographicException)
        {
            return null;
        }
        finally
        {
            foreach (var certificate in certificates)
                certificate.Dispose();
        }
    }

    private static DateTimeOffset? Until(List<X509Certificate2> certificates, X509Certificate2Collection anchors, DateTimeOffset now)
    {
        using var chain = new X509Chain();
        var policy = chain.ChainPolicy;
        policy.RevocationMode = X509RevocationMode.NoCheck;
        policy.DisableCertificateDownloads = true;
        policy.VerificationTime = now.LocalDateTime;
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.CustomTrustStore.AddRange(anchors);
        policy.ExtraStore.AddRange(anchors);
        policy.ExtraStore.AddRange(certificates.Skip(1).ToArray());

        // An anchor that is no root is not enough for the platform. Everything else about the chain must be right, and an anchor be in it.
        policy.VerificationFlags = X509VerificationFlags.AllowUnknownCertificateAuthority;
        try
        {
            var isWhole = chain.Build(certificates[0]);
            var elements = chain.ChainElements.Select(element => element.Certificate).ToList();
            var anchor = elements.FindIndex(certificate => anchors.Any(trusted => trusted.RawDataMemory.Span.SequenceEqual(certificate.RawDataMemory.Span)));
            return isWhole && anchor >= 0 ? elements.Take(anchor + 1).Min(certificate => new DateTimeOffset(certificate.NotAfter)) : null;
        }
        finally
        {
            foreach (var element in chain.ChainElements)
                element.Certificate.Dispose();
        }
    }
}
