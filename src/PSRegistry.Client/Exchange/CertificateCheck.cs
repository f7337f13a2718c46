using System.Diagnostics.CodeAnalysis;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace PSRegistry.Client;

/// <summary>The check of a server's certificate: what the machine trusts, or the authorities that the user named. Names and dates count for both.</summary>
internal sealed class CertificateCheck(X509Certificate2Collection? authorities)
{
    private static readonly Oid ServerAuthentication = new("1.3.6.1.5.5.7.3.1");

    /// <summary>How a client with these options speaks TLS.</summary>
    [SuppressMessage("Security", "CA5359", Justification = "Any certificate is accepted only where the user asks for it.")]
    public static SslClientAuthenticationOptions Options(RegistryClientOptions options, Uri? uri = null) => new()
    {
        TargetHost = uri?.IdnHost,
        RemoteCertificateValidationCallback = options.SkipCertificateCheck
            ? static (_, _, _, _) => true
            : new CertificateCheck(options.CertificateAuthority).ThrowUnlessTrusted,
    };

    /// <summary>True, or an exception that says what is wrong.</summary>
    public bool ThrowUnlessTrusted(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None)
            return true;
        if (authorities is null || errors != SslPolicyErrors.RemoteCertificateChainErrors || certificate is not X509Certificate2 shown)
            throw UntrustedCertificateException.Of(certificate as X509Certificate2, chain, errors);
        using var own = new X509Chain();
        own.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        own.ChainPolicy.CustomTrustStore.AddRange(authorities);
        own.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        own.ChainPolicy.DisableCertificateDownloads = true;
        own.ChainPolicy.ApplicationPolicy.Add(ServerAuthentication);
        foreach (var element in chain?.ChainElements.AsEnumerable() ?? [])
            own.ChainPolicy.ExtraStore.Add(element.Certificate);
        return own.Build(shown) ? true : throw UntrustedCertificateException.Of(shown, own, errors);
    }
}
