using Microsoft.Extensions.Logging;
using PSRegistry.Server.Configuration;
using PSRegistry.Testing;

namespace PSRegistry.Server.Tests.Configuration;

/// <summary>Files as installations have them.</summary>
public sealed class SampleFileTests
{
    [Fact]
    public void The_file_of_a_2_8_image_is_served_with_one_remark()
    {
        var result = Given.File("""
            version: 0.1
            log:
              fields:
                service: registry
            storage:
              cache:
                blobdescriptor: inmemory
              filesystem:
                rootdirectory: /var/lib/registry
            http:
              addr: :5000
              headers:
                X-Content-Type-Options: [nosniff]
            health:
              storagedriver:
                enabled: true
                interval: 10s
                threshold: 3
            """);
        Assert.Equal(["storage.cache"], result.Faults.Select(fault => fault.KeyPath));
        Assert.All(result.Faults, fault => Assert.Equal(FaultSeverity.Warning, fault.Severity));
        Assert.Equal("/var/lib/registry", result.Configuration!.Storage.RootDirectory);
        Assert.Equal(["nosniff"], result.Configuration.Http.Headers["X-Content-Type-Options"]);
        Assert.Equal(new HealthInterval(TimeSpan.FromSeconds(10), 3), result.Configuration.Health.StorageDriver);
        Assert.Equal("registry", result.Configuration.Log.Fields["service"]);
    }

    [Fact]
    public void A_3_x_file_with_everything_supported_is_clean()
    {
        var configuration = Given.File("""
            version: 0.1
            log: {level: debug, formatter: json, accesslog: {disabled: true}}
            storage:
              filesystem:
                rootdirectory: /srv/registry
              tag:
                concurrencylimit: 5
              delete:
                enabled: true
              redirect:
                disable: true
              maintenance:
                uploadpurging:
                  enabled: true
                  age: 72h
                  interval: 12h
                  dryrun: true
                readonly:
                  enabled: true
            catalog: {maxentries: 20}
            tags: {maxtags: 10}
            http:
              addr: localhost:5000
              prefix: /my/nested/registry/
              host: https://myregistryaddress.org:5000
              secret: asecretforlocaldevelopment
              relativeurls: false
              draintimeout: 60s
              headers:
                X-Content-Type-Options: [nosniff]
              http2:
                disabled: false
            validation:
              manifests:
                urls:
                  allow: ['^https?://([^/]+\.)*example\.com/']
                  deny: ['^https?://www\.example\.com/']
                indexes:
                  platforms: List
                  platformlist:
                    - architecture: amd64
                      os: linux
            """).Clean();
        Assert.Equal(LogLevel.Debug, configuration.Log.Level);
        Assert.Equal((5, true, true), (configuration.Storage.TagConcurrencyLimit, configuration.Storage.DeleteEnabled, configuration.Storage.ReadOnly));
        Assert.Equal(new UploadPurgingConfiguration { Age = TimeSpan.FromHours(72), Interval = TimeSpan.FromHours(12), DryRun = true },
            configuration.Storage.UploadPurging);
        Assert.Equal((20, 10), (configuration.Catalog.MaxEntries, configuration.Tags.MaxTags));
        Assert.Equal(("localhost:5000", "/my/nested/registry/", false, TimeSpan.FromMinutes(1)),
            (configuration.Http.Addr.ToString(), configuration.Http.Prefix, configuration.Http.RelativeUrls, configuration.Http.DrainTimeout));
        Assert.Equal([new PlatformRule("amd64", "linux")], configuration.Validation.Indexes.PlatformList);
    }

    [Fact]
    public void The_environment_of_a_compose_file_alone_is_enough()
    {
        var configuration = Given.Variables(
            ("REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY", "/data"),
            ("REGISTRY_STORAGE_DELETE_ENABLED", "true"),
            ("REGISTRY_STORAGE_MAINTENANCE_READONLY_ENABLED", "true"),
            ("REGISTRY_STORAGE_MAINTENANCE_UPLOADPURGING", "{enabled: false}"),
            ("REGISTRY_HTTP_ADDR", "0.0.0.0:5000"),
            ("REGISTRY_HTTP_HEADERS_ACCESS-CONTROL-ALLOW-ORIGIN", "['*']"),
            ("REGISTRY_LOG_LEVEL", "error")).Clean();
        Assert.Equal(("/data", true, true, false),
            (configuration.Storage.RootDirectory, configuration.Storage.DeleteEnabled, configuration.Storage.ReadOnly, configuration.Storage.UploadPurging.Enabled));
        Assert.Equal("*", configuration.Http.Headers["Access-Control-Allow-Origin"][0]);
    }

    [Fact]
    public void A_file_with_users_tls_health_and_a_debug_address_is_clean()
    {
        using var files = new TlsFolder();
        var configuration = Given.File($"""
            version: 0.1
            log:
              formatter: logstash
              fields: {"{service: registry, environment: production}"}
            storage:
              filesystem: {"{rootdirectory: /var/lib/registry}"}
              delete: {"{enabled: true}"}
            auth:
              htpasswd:
                realm: basic-realm
                path: /nowhere/htpasswd
            http:
              addr: 0.0.0.0:5000
              host: https://myregistryaddress.org:5000
              tls:
                certificate: {files.Certificate}
                key: {files.Key}
                clientcas:
                  - {files.AuthorityFile}
                clientauth: verify-client-cert-if-given
                minimumtls: tls1.2
              debug: {"{addr: 'localhost:5001', prometheus: {enabled: false}}"}
              http2: {"{disabled: false}"}
              h2c: {"{enabled: false}"}
            health:
              storagedriver: {"{enabled: true, interval: 10s, threshold: 3}"}
              file: [{"{file: /path/to/checked/file, interval: 10s}"}]
              http: [{"{uri: 'http://server.to.check/must/return/200', headers: {Authorization: [Basic QWxhZGRpbg==]}, statuscode: 200, timeout: 3s, interval: 10s, threshold: 3}"}]
              tcp: [{"{addr: 'redis-server.domain.com:6379', timeout: 3s, interval: 10s, threshold: 3}"}]
            """).Clean();
        Assert.Equal(new HtpasswdConfiguration("basic-realm", "/nowhere/htpasswd"), configuration.Auth.Htpasswd);
        Assert.Equal(ClientCertificates.VerifyIfGiven, configuration.Http.Tls!.ClientCertificates);
        Assert.Equal((1, 1, 1, LogFormatter.Logstash),
            (configuration.Health.Files.Count, configuration.Health.Addresses.Count, configuration.Health.Ports.Count, configuration.Log.Formatter));
    }

    [Fact]
    public void The_variables_of_a_container_with_users_and_tls_are_enough()
    {
        using var files = new TlsFolder();
        var configuration = Given.Variables(
            ("REGISTRY_AUTH", "htpasswd"),
            ("REGISTRY_AUTH_HTPASSWD_REALM", "Registry Realm"),
            ("REGISTRY_AUTH_HTPASSWD_PATH", "/nowhere/htpasswd"),
            ("REGISTRY_HTTP_ADDR", "0.0.0.0:443"),
            ("REGISTRY_HTTP_TLS_CERTIFICATE", files.Certificate),
            ("REGISTRY_HTTP_TLS_KEY", files.Key)).Clean();
        Assert.Equal(("Registry Realm", true), (configuration.Auth.Htpasswd?.Realm, configuration.Http.Tls is not null));
    }
}
