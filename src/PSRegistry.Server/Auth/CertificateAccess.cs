using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;
using PSRegistry.Oci;
using PSRegistry.Server.Configuration;
using PSRegistry.Server.Http;

namespace PSRegistry.Server.Auth;

/// <summary>
/// Where <c>auth</c> names no way to log in, and rules say what who may do: a certificate that <c>http.tls.clientcas</c> vouch for names the
/// user, and everybody else is nobody in particular.
/// </summary>
/// <param name="certificatesCount">Whether the listener checked them.</param>
internal sealed class CertificateAccess(bool certificatesCount) : IAccess
{
    private const string CommonName = "2.5.4.3";

    // A connection has one certificate, and many requests.
    private readonly ConditionalWeakTable<X509Certificate2, Caller> _callers = [];

    /// <summary>Whether only certificates of the CAs get through the listener.</summary>
    public static bool Counts(TlsConfiguration? tls) =>
        tls is { ClientAuthorities.Count: > 0, ClientCertificates: ClientCertificates.VerifyIfGiven or ClientCertificates.RequireAndVerify };

    public ValueTask<Identity> IdentifyAsync(HttpContext context, IReadOnlyList<ResourceScope> asked) => ValueTask.FromResult<Identity>(
        certificatesCount && context.Connection.ClientCertificate is { } certificate ? _callers.GetValue(certificate, CallerOf) : Caller.Anonymous);

    public Refusal Challenge(HttpContext context, IReadOnlyList<ResourceScope> asked, ResourceScope? missing) => ErrorCode.Denied.With(
        certificatesCount
            ? $"strangers may not do this here ({string.Join(' ', asked)}); connect with a certificate of a user."
            : $"nobody may do this here ({string.Join(' ', asked)}): this registry knows no users.");

    /// <summary>The common name of its subject; without one, the e-mail address or the host name that it is for as well.</summary>
    public static string NameOf(X509Certificate2 certificate)
    {
        foreach (var part in certificate.SubjectName.EnumerateRelativeDistinguishedNames())
        {
            if (!part.HasMultipleElements && part.GetSingleElementType().Value == CommonName && part.GetSingleElementValue() is { Length: > 0 } name)
                return name;
        }
        return certificate.GetNameInfo(X509NameType.EmailName, forIssuer: false) is { Length: > 0 } address
            ? address
            : certificate.GetNameInfo(X509NameType.DnsFromAlternativeName, forIssuer: false) ?? "";
    }

    private static Caller CallerOf(X509Certificate2 certificate) => Caller.WhoMayDoEverything(NameOf(certificate));
}
