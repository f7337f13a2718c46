using static PSRegistry.Server.Configuration.KeyKind;
using static PSRegistry.Server.Configuration.KeyState;

namespace PSRegistry.Server.Configuration;

/// <summary>
/// Every key that CNCF Distribution 2.8 or 3.x reads, and what this version does with it. To support a key, change its row,
/// give it a place in the records, and read it in the binder of its section.
/// </summary>
internal static partial class KeyTable
{
    public static IEnumerable<KeyRow> Rows => [.. General, .. Storage, .. StorageDrivers, .. Http, .. Access, .. Observation];

    private static KeyRow[] General =>
    [
        new("version", Text),

        new("log", Section) { Live = true },
        new("log.{level,formatter}", Text),
        new("log.fields", TextMap),
        new("log.reportcaller", Flag, NotYetTuning),
        new("log.accesslog", Section),
        new("log.accesslog.disabled", Flag),
        // Ours: the original has no such record.
        new("log.audit", Section),
        new("log.audit.disabled", Flag),
        new("log.audit.path", Text) { Live = false },
        new("log.hooks", List, NotYetTuning),
        new("log.hooks[].type", Text),
        new("log.hooks[].disabled", Flag),
        new("log.hooks[].levels", TextList),
        new("log.hooks[].options|mailoptions.from", Text),
        new("log.hooks[].options.to", TextList),
        new("log.hooks[].options.smtp.{addr,username,password}", Text),
        new("log.hooks[].options.smtp.insecure", Flag),
        new("loglevel", Text, Deprecated) { Live = true, Remedy = "Write log.level instead" },

        new("catalog", Section) { Live = true },
        new("catalog.maxentries", Integer),
        new("tags", Section) { Live = true },
        new("tags.maxtags", Integer),

        new("validation", Section) { Protects = true, Live = true },
        new("validation.enabled", Flag, Deprecated) { Remedy = "Remove it; validation is on unless validation.disabled says true" },
        new("validation.disabled", Flag),
        new("validation.manifests.urls.{allow,deny}", TextList),
        new("validation.manifests.indexes.platforms", Text),
        new("validation.manifests.indexes.platformlist", List),
        new("validation.manifests.indexes.platformlist[].{architecture,os}", Text),
        new("validation.policy", Section, NotYetProtecting),
        new("validation.policy.repository.classes", TextList),
        new("policy", Section, NotYetProtecting) { Protects = true },
        new("policy.repository.classes", TextList),
    ];

    private static KeyRow[] Http =>
    [
        new("http", Section) { Protects = true },
        new("http.{addr,net}", Text) { Protects = true },
        new("http.{prefix,secret}", Text),
        new("http.host", Text) { Live = true },
        new("http.relativeurls", Flag) { Live = true },
        new("http.{draintimeout,draindelay}", Duration) { Live = true },
        new("http.headers", HeaderMap) { Live = true },
        new("http.trustedproxies", TextList) { Live = true, Protects = true },
        new("http.http2", Section),
        new("http.http2.disabled", Flag),
        new("http.h2c", Section),
        new("http.h2c.enabled", Flag),
        new("http.tls", Section) { RefusesUnknown = true, Protects = true, Live = true },
        new("http.tls.{certificate,key,thumbprint,store,clientauth,minimumtls}", Text),
        new("http.tls.{clientcas,ciphersuites}", TextList),
        new("http.tls.letsencrypt", Section, NotYetProtecting)
        {
            Remedy = "Get the certificate with an ACME client, and name its files in http.tls.certificate and http.tls.key",
        },
        new("http.tls.letsencrypt.{cachefile,email,directoryurl}", Text),
        new("http.tls.letsencrypt.hosts", TextList),
        new("http.debug", Section),
        new("http.debug.addr", Text),
        new("http.debug.prometheus", Section),
        new("http.debug.prometheus.enabled", Flag),
        new("http.debug.prometheus.path", Text),
    ];

    private static KeyRow[] Access =>
    [
        new("auth", OneOf) { Protects = true, Live = true },
        new("auth.none", Choice),
        new("auth.silly", Choice),
        new("auth.silly.{realm,service}", Text),
        new("auth.htpasswd", Choice),
        new("auth.htpasswd.{realm,path}", Text),
        new("auth.token", Choice),
        new("auth.token.{realm,service,issuer,rootcertbundle,jwks,autoredirectpath}", Text),
        new("auth.token.autoredirect", Flag),
        new("auth.token.signingalgorithms", TextList),

        new("middleware", Section, NotYetProtecting) { Protects = true },
        new("middleware.{registry,repository,storage}", List),
        new("middleware.registry[].name", Text),
        new("middleware.registry[].disabled", Flag),
        new("middleware.registry[].options", FreeForm),
        new("middleware.repository[].name", Text),
        new("middleware.repository[].disabled", Flag),
        new("middleware.repository[].options", FreeForm),
        new("middleware.storage[].name", Text),
        new("middleware.storage[].disabled", Flag),
        new("middleware.storage[].options", FreeForm),

        new("proxy", Section, NotYetProtecting)
        {
            TurnedOnBy = "remoteurl",
            Protects = true,
            Remedy = "A pull-through cache cannot be served yet: remove the section to serve an ordinary registry",
        },
        new("proxy.{remoteurl,username,password}", Text),
        new("proxy.exec.command", Text),
        new("proxy.exec.lifetime", Duration),
        new("proxy.{ttl,cachewritetimeout}", Duration),
    ];
}
