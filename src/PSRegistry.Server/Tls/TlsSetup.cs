using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using PSRegistry.Server.Configuration;

namespace PSRegistry.Server.Tls;

/// <summary>Has a listener speak TLS as <c>http.tls</c> says.</summary>
internal static class TlsSetup
{
    /// <param name="tls">The settings.</param>
    /// <param name="material">The files, without errors.</param>
    /// <param name="http2">Whether HTTP/2 is offered.</param>
    public static SslServerAuthenticationOptions Options(TlsConfiguration tls, TlsMaterial material, bool http2) => new()
    {
        ServerCertificateContext = SslStreamCertificateContext.Create(material.Certificate!, material.Chain),
        EnabledSslProtocols = tls.Protocols,
        ApplicationProtocols = http2 ? [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11] : [SslApplicationProtocol.Http11],
        ClientCertificateRequired = tls.ClientCertificates is not ClientCertificates.NotAsked,
        RemoteCertificateValidationCallback = Check(tls.ClientCertificates, material.ClientAuthorities),
        CipherSuitesPolicy = Suites(tls),
    };

    private static RemoteCertificateValidationCallback? Check(ClientCertificates mode, X509Certificate2Collection authorities)
    {
        if (mode is ClientCertificates.NotAsked)
            return null;
        var mayBeMissing = mode is ClientCertificates.Request or ClientCertificates.VerifyIfGiven;
        var check = mode is ClientCertificates.Request or ClientCertificates.RequireAny ? null : new ClientCertificateCheck(authorities);
        return (_, certificate, chain, errors) => certificate switch
        {
            null => mayBeMissing,
            _ when check is null => true,
            X509Certificate2 shown => check.IsTrusted(shown, chain, errors),
            _ => false,
        };
    }

    /// <summary>Windows chooses by itself.</summary>
    private static CipherSuitesPolicy? Suites(TlsConfiguration tls) => OperatingSystem.IsLinux() || OperatingSystem.IsMacOS()
        ? new CipherSuitesPolicy(tls.CipherSuites.Count > 0 ? tls.CipherSuites.Concat(CipherSuiteNames.Tls13).Distinct() : CipherSuiteNames.Defaults)
        : null;
}
