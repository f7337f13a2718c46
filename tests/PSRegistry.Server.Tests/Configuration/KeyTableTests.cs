using PSRegistry.Server.Configuration;

namespace PSRegistry.Server.Tests.Configuration;

/// <summary>The table is complete, and its rows are consistent.</summary>
public sealed class KeyTableTests
{
    // Written out here a second time, in the form of the original's documentation, so that a row lost from the table is noticed.
    private static readonly string[] Known =
    [
        "version", "loglevel",
        "log.level log.formatter log.fields log.reportcaller log.accesslog.disabled",
        "log.hooks[].type log.hooks[].disabled log.hooks[].levels log.hooks[].options.from log.hooks[].options.to",
        "log.hooks[].options.smtp.addr log.hooks[].options.smtp.username log.hooks[].options.smtp.password log.hooks[].options.smtp.insecure",
        "storage.filesystem.rootdirectory storage.filesystem.maxthreads storage.inmemory",
        "storage.azure.accountname storage.azure.accountkey storage.azure.container storage.azure.connectionstring",
        "storage.azure.credentials.type storage.azure.credentials.clientid storage.azure.credentials.tenantid storage.azure.credentials.secret",
        "storage.azure.rootdirectory storage.azure.realm storage.azure.serviceurl storage.azure.max_retries storage.azure.retry_delay storage.azure.skipverify",
        "storage.gcs.bucket storage.gcs.keyfile storage.gcs.credentials storage.gcs.rootdirectory storage.gcs.chunksize storage.gcs.maxconcurrency",
        "storage.s3.accesskey storage.s3.secretkey storage.s3.sessiontoken storage.s3.region storage.s3.regionendpoint storage.s3.redirectendpoint",
        "storage.s3.forcepathstyle storage.s3.accelerate storage.s3.bucket storage.s3.encrypt storage.s3.keyid storage.s3.secure storage.s3.skipverify",
        "storage.s3.v4auth storage.s3.chunksize storage.s3.multipartcopychunksize storage.s3.multipartcopymaxconcurrency",
        "storage.s3.multipartcopythresholdsize storage.s3.rootdirectory storage.s3.storageclass storage.s3.useragent storage.s3.objectacl",
        "storage.s3.usedualstack storage.s3.usefipsendpoint storage.s3.loglevel storage.s3aws.bucket storage.swift.authurl storage.oss.bucket",
        "storage.tag.concurrencylimit storage.delete.enabled storage.redirect.disable",
        "storage.cache.blobdescriptor storage.cache.layerinfo storage.cache.blobdescriptorsize",
        "storage.maintenance.uploadpurging.enabled storage.maintenance.uploadpurging.age storage.maintenance.uploadpurging.interval",
        "storage.maintenance.uploadpurging.dryrun storage.maintenance.readonly.enabled",
        "auth.none auth.silly.realm auth.silly.service auth.token.realm auth.token.service auth.token.issuer auth.token.rootcertbundle auth.token.jwks",
        "auth.token.autoredirect auth.token.autoredirectpath auth.token.signingalgorithms auth.htpasswd.realm auth.htpasswd.path",
        "middleware.registry[].name middleware.repository[].disabled middleware.storage[].options",
        "catalog.maxentries tags.maxtags",
        "http.addr http.net http.host http.prefix http.secret http.relativeurls http.draintimeout http.headers http.http2.disabled http.h2c.enabled",
        "http.tls.certificate http.tls.key http.tls.clientcas http.tls.clientauth http.tls.minimumtls http.tls.ciphersuites",
        "http.tls.letsencrypt.cachefile http.tls.letsencrypt.email http.tls.letsencrypt.hosts http.tls.letsencrypt.directoryurl",
        "http.debug.addr http.debug.prometheus.enabled http.debug.prometheus.path",
        "notifications.events.includereferences notifications.endpoints[].name notifications.endpoints[].disabled notifications.endpoints[].url",
        "notifications.endpoints[].headers notifications.endpoints[].timeout notifications.endpoints[].threshold notifications.endpoints[].backoff",
        "notifications.endpoints[].ignoredmediatypes notifications.endpoints[].ignore.mediatypes notifications.endpoints[].ignore.actions",
        "redis.addrs redis.clientname redis.db redis.protocol redis.username redis.password redis.sentinelusername redis.sentinelpassword",
        "redis.mastername redis.maxretries redis.minretrybackoff redis.maxretrybackoff redis.dialtimeout redis.readtimeout redis.writetimeout",
        "redis.contexttimeoutenabled redis.poolfifo redis.poolsize redis.pooltimeout redis.minidleconns redis.maxidleconns redis.maxactiveconns",
        "redis.connmaxidletime redis.connmaxlifetime redis.maxredirects redis.readonly redis.routebylatency redis.routerandomly",
        "redis.disableidentity redis.identitysuffix redis.unstableresp3 redis.tls.certificate redis.tls.key redis.tls.rootcas",
        "redis.addr redis.pool.maxidle redis.pool.maxactive redis.pool.idletimeout",
        "health.storagedriver.enabled health.storagedriver.interval health.storagedriver.threshold health.file[].file health.file[].interval",
        "health.file[].threshold health.http[].uri health.http[].headers health.http[].statuscode health.http[].timeout health.http[].interval",
        "health.http[].threshold health.tcp[].addr health.tcp[].timeout health.tcp[].interval health.tcp[].threshold",
        "proxy.remoteurl proxy.username proxy.password proxy.exec.command proxy.exec.lifetime proxy.ttl proxy.cachewritetimeout",
        "validation.enabled validation.disabled validation.manifests.urls.allow validation.manifests.urls.deny",
        "validation.manifests.indexes.platforms validation.manifests.indexes.platformlist[].architecture validation.manifests.indexes.platformlist[].os",
        "validation.policy.repository.classes policy.repository.classes",
        "reporting.bugsnag.apikey reporting.bugsnag.releasestage reporting.bugsnag.endpoint",
        "reporting.newrelic.licensekey reporting.newrelic.name reporting.newrelic.verbose",
        "compatibility.schema1.enabled compatibility.schema1.signingkeyfile",
    ];

    [Fact]
    public void Every_key_of_the_original_is_in_the_table()
    {
        var table = KeyTree.All.Select(key => key.Path).ToHashSet();
        Assert.DoesNotContain(Known.SelectMany(line => line.Split(' ')), path => !table.Contains(path));
    }

    [Fact]
    public void A_key_with_keys_below_it_is_a_section_or_a_list() =>
        Assert.Empty(KeyTree.All.Where(key => (key.Children.Count > 0 && !key.IsSection) || (key.Item is not null && key.Kind is not KeyKind.List))
            .Select(key => key.Path));

    [Fact]
    public void The_switch_of_a_section_is_one_of_its_keys() =>
        Assert.Empty(KeyTree.All.Where(key => key.Row?.TurnedOnBy is { } name && key.Child(name) is null).Select(key => key.Path));

    [Fact]
    public void Every_storage_driver_and_every_way_to_log_in_is_a_choice_or_supported()
    {
        foreach (var section in new[] { "storage", "auth" })
        {
            Assert.All(KeyTree.Root.Child(section)!.Children, key =>
                Assert.True(key.Kind is KeyKind.Choice || key.State is not KeyState.NotYetProtecting, key.Path));
        }
    }

    [Fact]
    public void No_section_has_two_keys_that_a_variable_could_not_tell_apart()
    {
        foreach (var section in KeyTree.All.Append(KeyTree.Root))
        {
            var names = section.Children.SelectMany(key => key.Alias is null ? [key.Name] : new[] { key.Name, key.Alias }).ToList();
            Assert.Equal(names.Count, names.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        }
    }
}
