using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace PSRegistry.Client;

/// <summary>Looks at the certificate that clients are shown: whether they trust it, until when, and whether what leads to its authority comes with it.</summary>
internal sealed class CertificateProbe(RegistryClientOptions options, Findings findings)
{
    private const string Check = "Certificate";

    private static readonly TimeSpan Soon = TimeSpan.FromDays(14);

    public async ValueTask<DeploymentFinding> LookAsync(Uri uri, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.ConnectTimeout);
        DeploymentFinding? found = null;
        try
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(uri.IdnHost, uri.Port, limit.Token);
            await using var tls = new SslStream(new NetworkStream(socket));
            await tls.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions { TargetHost = uri.IdnHost, RemoteCertificateValidationCallback = Judge },
                limit.Token);
        }
        catch (Exception fault) when (fault is IOException or SocketException or AuthenticationException or OperationCanceledException)
        {
            // A server may want one of ours; what it showed is judged all the same.
            cancellationToken.ThrowIfCancellationRequested();
        }
        return found ?? findings.Skipped(Check, "no TLS handshake came about.");

        bool Judge(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
        {
            found = Of(sender, certificate, chain, errors);
            return found.Status is not FindingStatus.Failed;
        }
    }

    private DeploymentFinding Of(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        try
        {
            new CertificateCheck(options.CertificateAuthority).ThrowUnlessTrusted(sender, certificate, chain, errors);
        }
        catch (UntrustedCertificateException fault)
        {
            return findings.Failed(Check, fault.Message, "Serve a certificate for this name with its whole chain (fullchain.pem), or have clients trust the authority: -CertificateAuthority.");
        }
        var shown = (X509Certificate2)certificate!;
        var left = shown.NotAfter.ToUniversalTime() - DateTime.UtcNow;
        if (left < Soon)
            return findings.Warning(Check, $"it is trusted, but ends in {left.Days} days ({shown.NotAfter:d}).", "Renew it; PSRegistry reads it again when the files change.");
        return IsWhole(shown, chain!)
            ? findings.Passed(Check, $"it is trusted, and valid until {shown.NotAfter:d}.")
            : findings.Warning(Check, "it is trusted here, but those between it and its authority are not sent; clients that have not met them before refuse it.", "Serve the whole chain (fullchain.pem).");
    }

    /// <summary>Whether what was sent leads to an authority, with nothing fetched from elsewhere.</summary>
    private bool IsWhole(X509Certificate2 certificate, X509Chain chain)
    {
        var sent = chain.ChainPolicy.ExtraStore.Select(one => one.Thumbprint).Append(certificate.Thumbprint).ToHashSet(StringComparer.Ordinal);
        // The last is the authority, which clients have. A private one is not among those that the system built the chain with.
        return options.CertificateAuthority is not null || chain.ChainElements.SkipLast(1).All(element => sent.Contains(element.Certificate.Thumbprint));
    }
}
