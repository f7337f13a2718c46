namespace PSRegistry.Server.Tests.Configuration;

public sealed class FaultTests
{
    [Fact]
    public void All_faults_are_reported_at_once_in_the_order_of_the_file()
    {
        var result = Given.File("""
            version: 0.2
            log: {level: loud}
            htpp: {}
            storage:
              filesystem: {rootdirectroy: /a}
              s3: {bucket: b}
              delete: {enabled: 'true'}
            http:
              addr: nonsense
              tls: {certificate: /a.pem}
              draintimeout: 5 minutes
            auth: {htpasswd: {realm: a}}
            tags: {maxtags: -1}
            """, ("REGISTRY_CATALOG_MAXENTRIES", "many"), ("REGISTRY_PORT", "tcp://10.0.0.1:5000"));

        Assert.Null(result.Configuration);
        Assert.Equal(
            [
                "config.yml:1 version", "config.yml:2 log.level", "config.yml:3 htpp", "config.yml:5 storage.filesystem.rootdirectroy",
                "config.yml:6 storage.s3", "config.yml:6 storage.s3", "config.yml:7 storage.delete.enabled", "config.yml:9 http.addr",
                "config.yml:10 http.tls.certificate", "config.yml:11 http.draintimeout", "config.yml:12 auth.htpasswd.path", "config.yml:13 tags.maxtags",
                "REGISTRY_PORT port", "REGISTRY_CATALOG_MAXENTRIES catalog.maxentries",
            ],
            result.Faults.Select(fault => $"{fault.Origin} {fault.KeyPath}"));
    }

    [Fact]
    public void A_fault_prints_as_one_line_with_place_key_and_remedy() =>
        Assert.Equal(
            "config.yml:3: error: http.addr: \"5000\" is not an address to listen on. Write host:port, :port or [ipv6]:port.",
            Given.File(Given.Minimum + "http: {addr: '5000'}\n").OnlyError().ToString());

    [Fact]
    public void A_key_with_a_line_break_cannot_forge_a_second_line() =>
        Assert.DoesNotContain('\n', Given.File(Given.Minimum + "\"a\\nconfig.yml:9: error: b\": 1\n").OnlyWarning().ToString());

    [Fact]
    public void A_warning_leaves_the_configuration() => Assert.NotNull(Given.File(Given.Minimum + "extra: {}\n").Configuration);
}
