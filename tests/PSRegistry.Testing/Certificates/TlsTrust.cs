using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace PSRegistry.Testing;

/// <summary>How a client of a test speaks TLS: it trusts one CA and nobody else.</summary>
public static class TlsTrust
{
    /// <summary>Trust in <paramref name="authority"/>, with a certificate of the client's own where it has one.</summary>
    public static SslClientAuthenticationOptions In(
        TestAuthority authority, X509Certificate2? shown = null, SslProtocols protocols = SslProtocols.None, CipherSuitesPolicy? suites = null)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(X509Certificate2.CreateFromPem(authority.Pem));
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            CertificateChainPolicy = policy,
            EnabledSslProtocols = protocols,
        };
        if (shown is not null)
        {
            options.ClientCertificates = [shown];
            options.LocalCertificateSelectionCallback = (_, _, _, _, _) => shown;
        }

        if (suites is not null && !OperatingSystem.IsWindows())
        {
            options.CipherSuitesPolicy = suites;
        }

        return options;
    }
}
