namespace PSRegistry.Server.Configuration;

/// <summary>The defaults of supported keys, as they would be written. A key that is not here is unset where nobody sets it.</summary>
internal static class KeyDefaults
{
    public static IReadOnlyDictionary<string, string> All { get; } = new Dictionary<string, string>
    {
        ["log.level"] = "info",
        ["log.formatter"] = "text",
        ["log.accesslog.disabled"] = "false",
        ["log.audit.disabled"] = "false",
        ["storage.filesystem.rootdirectory"] = "/var/lib/registry",
        ["storage.delete.enabled"] = "false",
        ["storage.redirect.disable"] = "false",
        ["storage.tag.concurrencylimit"] = "0",
        ["storage.maintenance.uploadpurging.enabled"] = "true",
        ["storage.maintenance.uploadpurging.age"] = "168h",
        ["storage.maintenance.uploadpurging.interval"] = "24h",
        ["storage.maintenance.uploadpurging.dryrun"] = "false",
        ["storage.maintenance.readonly.enabled"] = "false",
        ["auth.token.autoredirect"] = "false",
        ["auth.token.autoredirectpath"] = "/auth/token",
        ["catalog.maxentries"] = "1000",
        ["tags.maxtags"] = "1000",
        ["http.addr"] = ":5000",
        ["http.net"] = "tcp",
        ["http.prefix"] = "/",
        ["http.draintimeout"] = "0s",
        ["http.debug.prometheus.enabled"] = "false",
        ["http.debug.prometheus.path"] = "/metrics",
        ["http.http2.disabled"] = "false",
        ["http.h2c.enabled"] = "false",
        ["http.tls.minimumtls"] = "tls1.2",
        ["validation.disabled"] = "false",
        ["validation.manifests.indexes.platforms"] = "all",
        ["health.storagedriver.enabled"] = "false",
        ["health.storagedriver.interval"] = "10s",
        ["health.storagedriver.threshold"] = "0",
        ["health.file[].interval"] = "10s",
        ["health.file[].threshold"] = "0",
        ["health.http[].interval"] = "10s",
        ["health.http[].threshold"] = "0",
        ["health.http[].timeout"] = "30s",
        ["health.http[].statuscode"] = "200",
        ["health.tcp[].interval"] = "10s",
        ["health.tcp[].threshold"] = "0",
        ["health.tcp[].timeout"] = "30s",
    };
}
