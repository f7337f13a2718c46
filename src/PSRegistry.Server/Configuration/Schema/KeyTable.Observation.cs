using static PSRegistry.Server.Configuration.KeyKind;
using static PSRegistry.Server.Configuration.KeyState;

namespace PSRegistry.Server.Configuration;

internal static partial class KeyTable
{
    /// <summary>Sections without which a registry still stores and serves the same content.</summary>
    private static KeyRow[] Observation =>
    [
        new("notifications", Section, NotYetTuning) { TurnedOnBy = "endpoints" },
        new("notifications.events|eventconfig.includereferences", Flag),
        new("notifications.endpoints", List),
        new("notifications.endpoints[].{name,url}", Text),
        new("notifications.endpoints[].disabled", Flag),
        new("notifications.endpoints[].headers", HeaderMap),
        new("notifications.endpoints[].{timeout,backoff}", Duration),
        new("notifications.endpoints[].threshold", Integer),
        new("notifications.endpoints[].ignoredmediatypes", TextList),
        new("notifications.endpoints[].ignore.{mediatypes,actions}", TextList),

        new("redis", Section, NotYetTuning) { Remedy = "Remove it; there is no cache that would use it" },
        new("redis.addrs", TextList),
        new("redis.{addr,clientname,username,password,sentinelusername,sentinelpassword,mastername,identitysuffix}", Text),
        new("redis.{db,protocol,maxretries,poolsize,minidleconns,maxidleconns,maxactiveconns,maxredirects}", Integer),
        new("redis.{minretrybackoff,maxretrybackoff,dialtimeout,readtimeout,writetimeout,pooltimeout}", Duration),
        new("redis.{connmaxidletime,connmaxlifetime}", Duration),
        new("redis.{contexttimeoutenabled,poolfifo,readonly,routebylatency,routerandomly,disableidentity,unstableresp3}", Flag),
        new("redis.tls.{certificate,key}", Text),
        new("redis.tls.rootcas", TextList),
        new("redis.pool.{maxidle,maxactive}", Integer),
        new("redis.pool.idletimeout", Duration),

        new("health", Section) { Live = true },
        new("health.storagedriver", Section),
        new("health.storagedriver.enabled", Flag),
        new("health.storagedriver.interval", Duration),
        new("health.storagedriver.threshold", Integer),
        new("health.file|filecheckers", List),
        new("health.file[].file", Text),
        new("health.file[].interval", Duration),
        new("health.file[].threshold", Integer),
        new("health.http|httpcheckers", List),
        new("health.http[].uri", Text),
        new("health.http[].headers", HeaderMap),
        new("health.http[].{statuscode,threshold}", Integer),
        new("health.http[].{timeout,interval}", Duration),
        new("health.tcp|tcpcheckers", List),
        new("health.tcp[].addr", Text),
        new("health.tcp[].{timeout,interval}", Duration),
        new("health.tcp[].threshold", Integer),

        // Keys of 2.8 alone; 3.x ignores them.
        new("reporting", Section, NotYetTuning),
        new("reporting.bugsnag.{apikey,releasestage,endpoint}", Text),
        new("reporting.newrelic.{licensekey,name}", Text),
        new("reporting.newrelic.verbose", Flag),
        new("compatibility", Section, NotYetTuning) { Remedy = "Remove it; this registry stores no manifests of schema 1" },
        new("compatibility.schema1.enabled", Flag),
        new("compatibility.schema1.signingkeyfile|trustkey", Text),
    ];
}
