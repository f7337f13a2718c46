using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace PSRegistry.Server.Tls;

/// <summary>Whether a client's certificate leads to one of the configured CAs and is meant for clients.</summary>
internal sealed class ClientCertificateCheck(X509Certificate2Collection authorities)
{
    private static readonly Oid ForClients = new("1.3.6.1.5.5.7.3.2");

    public bool IsTrusted(X509Certificate2 certificate, X509Chain? sent, SslPolicyErrors errors)
    {
        if ((errors & SslPolicyErrors.RemoteCertificateNotAvailable) != 0)
            return false;
        using var chain = new X509Chain();
        var policy = chain.ChainPolicy;
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.CustomTrustStore.AddRange(authorities);
        policy.RevocationMode = X509RevocationMode.NoCheck;
        policy.DisableCertificateDownloads = true;
        policy.ApplicationPolicy.Add(ForClients);
        if (sent is not null)
        {
            policy.ExtraStore.AddRange(sent.ChainPolicy.ExtraStore);
            foreach (var element in sent.ChainElements)
                policy.ExtraStore.Add(element.Certificate);
        }
        return chain.Build(certificate) || EndsAtIntermediate(chain);
    }

    /// <summary>An operator may trust one CA below the root; the chain is then complete as far as it was asked for.</summary>
    private bool EndsAtIntermediate(X509Chain chain)
    {
        var onlyPartial = chain.ChainStatus.All(status => status.Status == X509ChainStatusFlags.PartialChain);
        var last = chain.ChainElements[^1].Certificate.RawDataMemory;
        return onlyPartial && authorities.Any(authority => authority.RawDataMemory.Span.SequenceEqual(last.Span));
    }
}
