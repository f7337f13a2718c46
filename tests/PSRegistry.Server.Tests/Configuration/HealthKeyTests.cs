using PSRegistry.Server.Configuration;

namespace PSRegistry.Server.Tests.Configuration;

public sealed class HealthKeyTests
{
    [Fact]
    public void Every_check_has_its_keys()
    {
        var health = Given.File(Given.Minimum + """
            health:
              storagedriver: {enabled: true, interval: 5s, threshold: 2}
              file: [{file: /nowhere/down, interval: 3s, threshold: 1}]
              http: [{uri: 'http://a/b', interval: 4s, threshold: 5, timeout: 6s, statuscode: 204, headers: {Authorization: [Basic YTpi]}}]
              tcp: [{addr: 'redis:6379', timeout: 7s, interval: 8s, threshold: 9}]
            """).Clean().Health;
        Assert.Equal(When(5, 2), health.StorageDriver);
        Assert.Equal([new FileHealthCheck("/nowhere/down", When(3, 1))], health.Files);
        var http = Assert.Single(health.Addresses);
        Assert.Equal((new Uri("http://a/b"), When(4, 5), TimeSpan.FromSeconds(6), 204), (http.Uri, http.When, http.Timeout, http.StatusCode));
        Assert.Equal("Basic YTpi", http.Headers["authorization"][0]);
        Assert.Equal([new TcpHealthCheck(new ListenAddress("redis", 6379), When(8, 9)) { Timeout = TimeSpan.FromSeconds(7) }], health.Ports);
    }

    [Fact]
    public void What_is_not_said_is_as_in_the_original()
    {
        var health = Given.File(Given.Minimum + "health: {file: [{file: /a, interval: 0}], http: [{uri: 'http://a', statuscode: 0}], tcp: [{addr: 'a:1'}]}\n").Clean().Health;
        Assert.Null(health.StorageDriver);
        Assert.Equal([When(10, 0), When(10, 0), When(10, 0)], [health.Files[0].When, health.Addresses[0].When, health.Ports[0].When]);
        Assert.Equal((200, TimeSpan.FromSeconds(30)), (health.Addresses[0].StatusCode, health.Addresses[0].Timeout));
    }

    [Fact]
    public void Variables_add_checks()
    {
        var health = Given.Variables(
            ("REGISTRY_HEALTH_STORAGEDRIVER_ENABLED", "true"), ("REGISTRY_HEALTH_TCPCHECKERS_0_ADDR", "a:1"), ("REGISTRY_HEALTH_FILECHECKERS_0_FILE", "/a"),
            ("REGISTRY_HEALTH_HTTPCHECKERS_0_URI", "http://a")).Clean().Health;
        Assert.Equal((true, 1, 1, 1), (health.StorageDriver is not null, health.Ports.Count, health.Files.Count, health.Addresses.Count));
    }

    [Theory]
    [InlineData("file: [{interval: 1s}]", "health.file[0].file")]
    [InlineData("file: [{file: /a}, {file: /b, interval: -1s}]", "health.file[1].interval")]
    [InlineData("file: [{file: /a, threshold: -1}]", "health.file[0].threshold")]
    [InlineData("http: [{uri: 'ftp://a'}]", "health.http[0].uri")]
    [InlineData("http: [{uri: nothing}]", "health.http[0].uri")]
    [InlineData("http: [{statuscode: 200}]", "health.http[0].uri")]
    [InlineData("http: [{uri: 'http://a', statuscode: ok}]", "health.http[0].statuscode")]
    [InlineData("http: [{uri: 'http://a', headers: {A: b}}]", "health.http[0].headers")]
    [InlineData("http: [{uri: 'http://a', headers: {'A B': [c]}}]", "health.http[0].headers.A B")]
    [InlineData("tcp: [{addr: a}]", "health.tcp[0].addr")]
    [InlineData("tcp: [{addr: 'a:1', timeout: soon}]", "health.tcp[0].timeout")]
    [InlineData("tcp: {addr: 'a:1'}", "health.tcp")]
    public void A_bad_check_is_an_error_with_its_place(string line, string path) =>
        Assert.Equal((path, "config.yml:3"), (Given.File($"{Given.Minimum}health: {{{line}}}\n").OnlyError() is var fault ? fault.KeyPath : "", fault.Origin));

    [Fact]
    public void A_login_in_a_check_is_not_printed()
    {
        var check = Given.File(Given.Minimum + "health: {http: [{uri: 'http://me:swordfish@a/b', headers: {Authorization: [swordfish]}}]}\n").Clean().Health.Addresses[0];
        Assert.DoesNotContain("swordfish", check.ToString(), StringComparison.Ordinal);
        var refused = Given.File(Given.Minimum + "health: {http: [{uri: 'ftp://me:swordfish@a/b'}]}\n").OnlyError();
        Assert.DoesNotContain("swordfish", refused.ToString(), StringComparison.Ordinal);
    }

    private static HealthInterval When(int seconds, int threshold) => new(TimeSpan.FromSeconds(seconds), threshold);
}
