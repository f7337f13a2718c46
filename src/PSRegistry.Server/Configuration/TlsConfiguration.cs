using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace PSRegistry.Server.Configuration;

/// <summary>The <c>http.tls</c> section. Paths are as written (they may be relative).</summary>
public sealed record TlsConfiguration
{
    /// <summary>A PEM file: the server's certificate, then those that lead to its CA. Key <c>certificate</c>; empty with <see cref="Thumbprint"/>.</summary>
    public string Certificate { get; init; } = "";

    /// <summary>A PEM file: the certificate's private key, not encrypted (PKCS#1, PKCS#8 or EC). Key <c>key</c>; empty with <see cref="Thumbprint"/>.</summary>
    public string Key { get; init; } = "";

    /// <summary>Windows only: the certificate of the system's store that has this thumbprint, instead of files. Key <c>thumbprint</c>. Default: null.</summary>
    public string? Thumbprint { get; init; }

    /// <summary>The store that <see cref="Thumbprint"/> is looked up in. Key <c>store</c> (<c>localmachine</c>, <c>currentuser</c>). Default: that of the machine.</summary>
    public StoreLocation Store { get; init; } = StoreLocation.LocalMachine;

    /// <summary>The versions that are spoken. Key <c>minimumtls</c>. Default: TLS 1.2 and 1.3.</summary>
    public SslProtocols Protocols { get; init; } = SslProtocols.Tls12 | SslProtocols.Tls13;

    /// <summary>The suites that are spoken, TLS 1.3 aside. Key <c>ciphersuites</c>. Default: empty, the modern ones.</summary>
    public IReadOnlyList<TlsCipherSuite> CipherSuites { get; init; } = [];

    /// <summary>PEM files of the CAs that certificates of clients must lead to. Key <c>clientcas</c>. Default: none.</summary>
    public IReadOnlyList<string> ClientAuthorities { get; init; } = [];

    /// <summary>
    /// What is asked of clients. Key <c>clientauth</c>. Default: <see cref="ClientCertificates.RequireAndVerify"/> where
    /// <see cref="ClientAuthorities"/> are named, else <see cref="ClientCertificates.NotAsked"/>.
    /// </summary>
    public ClientCertificates ClientCertificates { get; init; }
}

/// <summary>The choices of <c>http.tls.clientauth</c>.</summary>
public enum ClientCertificates
{
    /// <summary>None is asked for.</summary>
    NotAsked,

    /// <summary><c>request-client-cert</c>: any or none.</summary>
    Request,

    /// <summary><c>require-any-client-cert</c>: one, whoever signed it.</summary>
    RequireAny,

    /// <summary><c>verify-client-cert-if-given</c>: none, or one of the CAs.</summary>
    VerifyIfGiven,

    /// <summary><c>require-and-verify-client-cert</c>: one of the CAs.</summary>
    RequireAndVerify,
}
