using System.Security.Cryptography.X509Certificates;
using PSRegistry.Certificates;

namespace PSRegistry.Output;

/// <summary>A server's certificate that was made, where its files are, and what is to be done with them.</summary>
public sealed class RegistryCertificate
{
    private readonly string _port;

    internal RegistryCertificate(X509Certificate2 certificate, IReadOnlyList<string> names, string registry, string port)
    {
        _port = port;
        Names = names;
        Registry = registry;
        Thumbprint = certificate.Thumbprint;
        NotAfter = certificate.NotAfter;
    }

    /// <summary>The names and addresses that it is for.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The registry as clients will name it: <c>registry.local:5000</c>.</summary>
    public string Registry { get; }

    /// <summary>The file with the certificate, for <c>http.tls.certificate</c>.</summary>
    public required string CertificatePath { get; init; }

    /// <summary>The file with its private key, for <c>http.tls.key</c>. Its owner alone may read it.</summary>
    public required string KeyPath { get; init; }

    /// <summary>The file with the authority's certificate, which clients must trust.</summary>
    public required string AuthorityPath { get; init; }

    /// <summary>The SHA-1 of the certificate, by which Windows and PowerShell name it.</summary>
    public string Thumbprint { get; }

    /// <summary>When it ends, in local time.</summary>
    public DateTime NotAfter { get; }

    /// <summary>The lines for config.yml.</summary>
    public string Configuration => TrustText.Configuration(_port, CertificatePath, KeyPath);

    /// <summary>How clients come to trust it.</summary>
    public string TrustInstructions => TrustText.ForClients(Registry, AuthorityPath);

    /// <summary>The file with the certificate.</summary>
    public override string ToString() => CertificatePath;
}
