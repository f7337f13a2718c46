using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using PSRegistry.Server.Configuration;
using PSRegistry.Server.Http;

namespace PSRegistry.Server.Auth;

/// <summary>What stands at the door of a registry: who is asked what, and who gives out tokens.</summary>
/// <param name="Gate">Decides who comes in; null where everybody does.</param>
/// <param name="Issuer">Gives out tokens; null where nobody does here.</param>
/// <param name="Held">What has to be let go in the end.</param>
internal sealed record AccessSetup(AccessGate? Gate, TokenIssuer? Issuer, IDisposable? Held)
{
    /// <summary>Opens the way to log in that a configuration names. Reads its files once, so that what is wrong with them is told at the start.</summary>
    /// <exception cref="RegistryStartException">The keys of tokens cannot be read.</exception>
    public static AccessSetup Open(RegistryConfiguration configuration, ILoggerFactory logging)
    {
        var log = logging.CreateLogger("PSRegistry.Server");
        var rules = configuration.Access is { } access ? new AccessRules(access) : null;
        switch (configuration.Auth)
        {
            case { OneUser: { } user }:
                return ByPassword("Registry", user, rules, logging);
            case { Htpasswd: { Issuer: { } issuer } htpasswd }:
                return ByOwnTokens(configuration, issuer, OpenFile(htpasswd, log), rules, logging);
            case { Htpasswd: { } htpasswd }:
                return ByPassword(htpasswd.Realm, OpenFile(htpasswd, log), rules, logging);
            case { Token: { } token }:
                return new(new AccessGate(TokenAccess.Open(token, log), rules), null, null);
            case { Silly: { } silly }:
                return new(new AccessGate(new SillyAccess(silly), rules), null, null);
            default:
                return new(rules is null ? null : new AccessGate(new CertificateAccess(CertificateAccess.Counts(configuration.Http.Tls)), rules), null, null);
        }
    }

    private static AccessSetup ByPassword(string realm, IUserSource users, AccessRules? rules, ILoggerFactory logging)
    {
        var access = new HtpasswdAccess(realm, new HtpasswdLogin(users, new FailedLogins(TimeProvider.System), Audit(logging)));
        return new(new AccessGate(access, rules), null, access);
    }

    private static AccessSetup ByOwnTokens(
        RegistryConfiguration configuration, IssuerConfiguration issuer, IUserSource users, AccessRules? rules, ILoggerFactory logging)
    {
        var audit = Audit(logging);
        var keys = IssuerKeySetup.Open(configuration, issuer, logging.CreateLogger("PSRegistry.Server"));
        var logins = new HtpasswdLogin(users, new FailedLogins(TimeProvider.System), audit);
        var token = new TokenConfiguration { Service = issuer.Service, Issuer = issuer.Name, Algorithms = ["ES256"] };
        var access = new TokenAccess(token, keys, request => RealmOf(configuration.Http, request), logging.CreateLogger("PSRegistry.Server"), TimeProvider.System);
        var giving = new TokenIssuer(issuer, keys, logins, rules, audit, TimeProvider.System);
        return new(new AccessGate(new IssuerAccess(access, logins), rules), giving, giving);
    }

    private static HtpasswdFile OpenFile(HtpasswdConfiguration htpasswd, ILogger log)
    {
        var file = new HtpasswdFile(htpasswd.Path, log);
        file.Current();
        return file;
    }

    /// <summary>This registry as the client sees it.</summary>
    private static string RealmOf(HttpConfiguration http, HttpRequest request) =>
        (http.Host is { } host ? host.GetLeftPart(UriPartial.Path).TrimEnd('/') : PublicOrigin.Of(request)) + request.PathBase.ToUriComponent() + TokenEndpoint.Path;

    private static LoginAudit Audit(ILoggerFactory logging) => new(logging.CreateLogger(LoginAudit.Category), TimeProvider.System);
}
