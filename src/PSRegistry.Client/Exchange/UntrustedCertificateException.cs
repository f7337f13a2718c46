using System.Globalization;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace PSRegistry.Client;

/// <summary>Carries out of a TLS handshake what was wrong with the certificate; never leaves this room but as an inner exception.</summary>
internal sealed class UntrustedCertificateException(string reason) : AuthenticationException(reason)
{
    /// <summary>What is wrong with <paramref name="certificate"/>, as the chain and the errors tell.</summary>
    public static UntrustedCertificateException Of(X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors) =>
        new(Reason(certificate, chain, errors));

    private static string Reason(X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is null)
            return "it shows none";
        var parties = $" (subject {ServerText.Clean(certificate.Subject)}, issuer {ServerText.Clean(certificate.Issuer)})";
        var status = chain?.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, one) => all | one.Status) ?? X509ChainStatusFlags.NoError;
        var reason =
            status.HasFlag(X509ChainStatusFlags.NotTimeValid) ? NotTimeValid(certificate)
            : status.HasFlag(X509ChainStatusFlags.Revoked) ? "it was revoked"
            : errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) ? "it is for another host name"
            : status.HasFlag(X509ChainStatusFlags.UntrustedRoot) && certificate.Subject == certificate.Issuer ? "it is self-signed"
            : (status & (X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain)) != 0 ? "its issuer is unknown"
            : $"its chain is faulty: {status}";
        return reason + parties;
    }

    private static string NotTimeValid(X509Certificate2 certificate) => certificate.NotAfter < DateTime.Now
        ? string.Create(CultureInfo.InvariantCulture, $"it, or one that it rests on, is over since {certificate.NotAfter:yyyy-MM-dd}")
        : string.Create(CultureInfo.InvariantCulture, $"it is valid only from {certificate.NotBefore:yyyy-MM-dd}");
}
