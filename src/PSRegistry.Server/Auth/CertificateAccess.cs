using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;
using PSRegistry.Oci;
using PSRegistry.Server.Http;
using PSRegistry.Server.Tls;

namespace PSRegistry.Server.Auth;

/// <summary>
/// Where <c>auth</c> names no way to log in, and rules say what who may do: a certificate that <c>http.tls.clientcas</c> vouch for names the
/// user, and everybody else is nobody in particular.
/// </summary>
internal sealed class CertificateAccess : IAccess
{
    private const string CommonName = "2.5.4.3";

    // A connection has one certificate, and many requests.
    private readonly ConditionalWeakTable<X509Certificate2, Caller> _callers = [];

    public ValueTask<Identity> IdentifyAsync(HttpContext context, IReadOnlyList<ResourceScope> asked) => ValueTask.FromResult<Identity>(
        LiveTls.VouchesFor(context) && context.Connection.ClientCertificate is { } certificate ? _callers.GetValue(certificate, CallerOf) : Caller.Anonymous);

    public Refusal Challenge(HttpContext context, IReadOnlyList<ResourceScope> asked, ResourceScope? missing) => ErrorCode.Denied.With(
        LiveTls.VouchesFor(context)
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
