using Microsoft.Extensions.Logging;
using PSRegistry.Server.Configuration;
using PSRegistry.Server.Http;
using PSRegistry.Server.Telemetry;

namespace PSRegistry.Server.Auth;

/// <summary>What stands at the door of a registry: who is asked what, and who gives out tokens.</summary>
internal sealed class AccessSetup
{
    private readonly IAccess? _access;

    private AccessSetup(IAccess? access, TokenIssuer? issuer, RegistryConfiguration configuration, AccessRules? rules)
    {
        _access = access;
        Issuer = issuer;
        Gate = access is not null
            ? new AccessGate(access, rules)
            : rules is null ? null : new AccessGate(new CertificateAccess(), rules);
    }

    /// <summary>Decides who comes in; null where everybody does.</summary>
    public AccessGate? Gate { get; }

    /// <summary>Gives out tokens; null where nobody does here.</summary>
    public TokenIssuer? Issuer { get; }

    /// <summary>Opens the way to log in that a configuration names. Reads its files once, so that what is wrong with them is told at the start.</summary>
    /// <exception cref="RegistryStartException">The keys of tokens cannot be read.</exception>
    public static AccessSetup Open(RegistryConfiguration configuration, ILoggerFactory logging, AuthInstruments instruments)
    {
        var log = logging.CreateLogger("PSRegistry.Server");
        var rules = RulesOf(configuration);
        switch (configuration.Auth)
        {
            case { OneUser: { } user }:
                var one = ByPassword("Registry", user, Audit(log, instruments));
                return new(one, null, configuration, rules);
            case { Htpasswd: { Issuer: { } issuer } htpasswd }:
                return ByOwnTokens(configuration, issuer, OpenFile(htpasswd, log), rules, Audit(log, instruments), log);
            case { Htpasswd: { } htpasswd }:
                var access = ByPassword(htpasswd.Realm, OpenFile(htpasswd, log), Audit(log, instruments));
                return new(access, null, configuration, rules);
            case { Token: { } token }:
                return new(TokenAccess.Open(token, log, instruments), null, configuration, rules);
            case { Silly: { } silly }:
                return new(new SillyAccess(silly), null, configuration, rules);
            default:
                return new(null, null, configuration, rules);
        }
    }

    /// <summary>The same way to log in, under the rules of another configuration.</summary>
    public AccessSetup WithRules(RegistryConfiguration configuration)
    {
        var rules = RulesOf(configuration);
        return new(_access, Issuer?.With(rules), configuration, rules);
    }

    private static AccessRules? RulesOf(RegistryConfiguration configuration) => configuration.Access is { } access ? new AccessRules(access) : null;

    private static HtpasswdAccess ByPassword(string realm, IUserSource users, LoginAudit audit) =>
        new(realm, new HtpasswdLogin(users, new FailedLogins(TimeProvider.System), audit));

    private static AccessSetup ByOwnTokens(
        RegistryConfiguration configuration, IssuerConfiguration issuer, IUserSource users, AccessRules? rules, LoginAudit audit, ILogger log)
    {
        var keys = IssuerKeySetup.Open(configuration, issuer, log);
        var logins = new HtpasswdLogin(users, new FailedLogins(TimeProvider.System), audit);
        var token = new TokenConfiguration { Service = issuer.Service, Issuer = issuer.Name, Algorithms = ["ES256"] };
        var urls = new UrlBuilder(configuration.Http);
        var tokens = new TokenAccess(token, keys, request => urls.ForOthers(request) + TokenEndpoint.Path, log, TimeProvider.System, audit.Instruments);
        var giving = new TokenIssuer(issuer, keys, logins, rules, audit, TimeProvider.System);
        return new(new IssuerAccess(tokens, logins), giving, configuration, rules);
    }

    private static HtpasswdFile OpenFile(HtpasswdConfiguration htpasswd, ILogger log)
    {
        var file = new HtpasswdFile(htpasswd.Path, log);
        file.Current();
        return file;
    }

    private static LoginAudit Audit(ILogger log, AuthInstruments instruments) => new(log, TimeProvider.System, instruments);
}
