using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace PSRegistry.Certificates;

/// <summary>Signs certificates for servers.</summary>
internal sealed class CertificateAuthority : IDisposable
{
    private const int OwnYears = 10;

    /// <summary>A client whose clock is behind accepts it all the same.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromHours(1);

    private readonly X509Certificate2 _certificate;

    private CertificateAuthority(X509Certificate2 certificate) => _certificate = certificate;

    /// <summary>The certificate in PEM form.</summary>
    public string Pem => _certificate.ExportCertificatePem() + "\n";

    /// <summary>Whether it is trusted by itself; else servers send it along, so that clients find the way to the root.</summary>
    public bool IsRoot => _certificate.SubjectName.RawData.AsSpan().SequenceEqual(_certificate.IssuerName.RawData);

    /// <summary>Makes an authority for one's own registries; it signs servers' certificates and no further authorities.</summary>
    public static (CertificateAuthority Authority, string KeyPem) Make(string name, KeyAlgorithm algorithm)
    {
        using var key = algorithm.NewKey();
        var now = DateTimeOffset.UtcNow;
        var request = key.Request(CommonName($"PSRegistry CA of {name}, {now:yyyy-MM-dd}"));
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        return (new CertificateAuthority(request.CreateSelfSigned(now - Skew, now.AddYears(OwnYears))), key.ExportPkcs8PrivateKeyPem() + "\n");
    }

    /// <summary>Opens an authority.</summary>
    /// <param name="certificate">The certificate in PEM form.</param>
    /// <param name="key">Its private key in PEM form, not encrypted.</param>
    /// <param name="fault">Why it cannot sign, as the rest of a sentence; empty when it can.</param>
    public static CertificateAuthority? Open(string certificate, string key, out string fault)
    {
        fault = "";
        if (key.Contains("ENCRYPTED", StringComparison.Ordinal))
        {
            fault = "its key is encrypted; openssl pkey writes one that is not";
            return null;
        }
        X509Certificate2 opened;
        try
        {
            opened = X509Certificate2.CreateFromPem(certificate, key);
        }
        catch (Exception reason) when (reason is CryptographicException or ArgumentException)
        {
            fault = "certificate and key do not belong together, or one of them is no PEM file";
            return null;
        }
        if (opened.Extensions.OfType<X509BasicConstraintsExtension>().FirstOrDefault() is not { CertificateAuthority: true })
            fault = "it is the certificate of a server or a client, and those sign no others";
        else if (opened.NotAfter < DateTime.Now)
            fault = $"it expired on {opened.NotAfter:yyyy-MM-dd}";
        if (fault.Length == 0)
            return new CertificateAuthority(opened);
        opened.Dispose();
        return null;
    }

    /// <summary>Signs a certificate for a server.</summary>
    /// <param name="subject">What it is called.</param>
    /// <param name="names">What it is for.</param>
    /// <param name="algorithm">The kind of its key.</param>
    /// <param name="days">How long it is valid; the authority's own end comes first.</param>
    /// <returns>The certificate and its key in PEM form.</returns>
    public (X509Certificate2 Certificate, string KeyPem) Sign(string subject, HostNames names, KeyAlgorithm algorithm, int days)
    {
        using var key = algorithm.NewKey();
        var request = key.Request(CommonName(subject));
        var usage = X509KeyUsageFlags.DigitalSignature | (key is RSA ? X509KeyUsageFlags.KeyEncipherment : X509KeyUsageFlags.None);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(usage, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1", "serverAuth")], critical: false));
        request.CertificateExtensions.Add(names.ToExtension());
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        if (_certificate.Extensions.OfType<X509SubjectKeyIdentifierExtension>().Any())
            request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_certificate, includeKeyIdentifier: true, includeIssuerAndSerial: false));

        var begin = Later(DateTimeOffset.UtcNow - Skew, _certificate.NotBefore);
        var end = Earlier(begin.AddDays(days), _certificate.NotAfter);
        return (request.Create(_certificate.SubjectName, Signature(), begin, end, NewSerial()), key.ExportPkcs8PrivateKeyPem() + "\n");
    }

    /// <inheritdoc/>
    public void Dispose() => _certificate.Dispose();

    private X509SignatureGenerator Signature() => _certificate.GetRSAPrivateKey() is { } rsa
        ? X509SignatureGenerator.CreateForRSA(rsa, RSASignaturePadding.Pkcs1)
        : X509SignatureGenerator.CreateForECDsa(_certificate.GetECDsaPrivateKey()!);

    /// <summary>A common name has 64 characters at most; nobody reads it but people.</summary>
    private static X500DistinguishedName CommonName(string name)
    {
        var subject = new X500DistinguishedNameBuilder();
        subject.AddCommonName(name.Length <= 64 ? name : name[..64]);
        return subject.Build();
    }

    private static byte[] NewSerial()
    {
        var serial = RandomNumberGenerator.GetBytes(16);
        serial[0] = (byte)((serial[0] & 0x3F) | 0x40);
        return serial;
    }

    private static DateTimeOffset Later(DateTimeOffset left, DateTimeOffset right) => left > right ? left : right;

    private static DateTimeOffset Earlier(DateTimeOffset left, DateTimeOffset right) => left < right ? left : right;
}
