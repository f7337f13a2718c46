using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace PSRegistry.Client;

/// <summary>How a <see cref="RegistryClient"/> speaks to its registry.</summary>
public sealed record RegistryClientOptions
{
    /// <summary>The login; null to be anonymous. It is sent when the registry asks for it and not before, and to nobody else.</summary>
    public NetworkCredential? Credential { get; init; }

    /// <summary>
    /// A refresh token of the registry's token service, which docker calls an identity token: access tokens are asked for with it instead of
    /// a password. Null for none.
    /// </summary>
    public string? IdentityToken { get; init; }

    /// <summary>A bearer token for the registry itself, sent as it is when the registry asks for a login; null for none.</summary>
    public string? Token { get; init; }

    /// <summary>
    /// Where to look for a login when none of these is given and the registry asks for one; null for nowhere. What is found goes over https
    /// with the certificate checked, or to this machine.
    /// </summary>
    public CredentialStore? Logins { get; init; }

    /// <summary>Authorities to trust besides those that the machine trusts; see <see cref="CertificateAuthorities"/>. Null for none.</summary>
    public X509Certificate2Collection? CertificateAuthority { get; init; }

    /// <summary>The proxy for all but this machine, perhaps with a login in it; null for the machine's own settings.</summary>
    public Uri? Proxy { get; init; }

    /// <summary>What is reached without a proxy: names with all below them, addresses, networks such as <c>10.0.0.0/8</c>, or <c>*</c>.</summary>
    public IReadOnlyList<string> NoProxy { get; init; } = [];

    /// <summary>Accept any certificate. The connection is then encrypted to whoever answers.</summary>
    public bool SkipCertificateCheck { get; init; }

    /// <summary>How long a connection attempt may take, TLS included.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long the head of an answer may take, and then any silence inside its body.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(100);

    /// <summary>How many names to ask for at a time; a registry may send fewer.</summary>
    public int PageSize { get; init; } = 1000;

    /// <summary>The User-Agent header.</summary>
    public string UserAgent { get; init; } = $"psregistry/{typeof(RegistryClientOptions).Assembly.GetName().Version!.ToString(3)}";

    /// <summary>What tests put in place of the machine's clock and network.</summary>
    internal Surroundings Surroundings { get; init; } = Surroundings.Machine;

    /// <summary>Whether a login was given.</summary>
    internal bool HasLogin => Credential is not null || IdentityToken is not null;

    private bool PrintMembers(StringBuilder text)
    {
        text.Append("Credential = ").Append(Credential is null ? "none" : "given");
        text.Append(", IdentityToken = ").Append(IdentityToken is null ? "none" : "given");
        text.Append(", Token = ").Append(Token is null ? "none" : "given");
        text.Append(", Logins = ").Append(Logins is null ? "none" : "kept");
        text.Append(", CertificateAuthority = ").Append(CertificateAuthority is null ? "none" : "given");
        text.Append(", Proxy = ").Append(Proxy?.Authority ?? "the machine's");
        text.Append(", NoProxy = ").AppendJoin(',', NoProxy);
        text.Append(", SkipCertificateCheck = ").Append(SkipCertificateCheck);
        text.Append(", ConnectTimeout = ").Append(ConnectTimeout);
        text.Append(", RequestTimeout = ").Append(RequestTimeout);
        text.Append(", PageSize = ").Append(PageSize);
        text.Append(", UserAgent = ").Append(UserAgent);
        return true;
    }
}
