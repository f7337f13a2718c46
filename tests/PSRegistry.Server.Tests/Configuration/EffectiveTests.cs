using PSRegistry.Server.Configuration;

namespace PSRegistry.Server.Tests.Configuration;

/// <summary>The configuration that counts, with the origin of every value, and without secrets.</summary>
public sealed class EffectiveTests
{
    private const string File = """
        version: 0.1
        log: {level: debug, fields: {zone: blue, a.b: 'x # y'}}
        storage: {filesystem: {rootdirectory: /srv}, delete: {enabled: yes}}
        http: {addr: ':7000', secret: swordfish, headers: {X-A: [b, 'c: d']}}
        redis: {addrs: ['a:1'], username: swordfish, password: swordfish}
        proxy: {remoteurl: '', username: swordfish, password: swordfish}
        notifications: {endpoints: [{name: n, disabled: true, url: 'https://me:swordfish@a/b', headers: {Authorization: [swordfish]}}]}
        health: {tcp: [{addr: 'a:1'}, {addr: 'b:2', interval: 3s}]}
        middleware: {storage: [{name: m, disabled: true, options: {privatekey: swordfish}}]}
        pasword: swordfish
        """;

    private static readonly ConfigurationResult Loaded = Given.File(File, ("REGISTRY_HTTP_PREFIX", "/x"), ("REGISTRY_CATALOG", "{maxentries: 5}"));

    [Theory]
    [InlineData("version", "0.1", "config.yml:1")]
    [InlineData("log.level", "debug", "config.yml:2")]
    [InlineData("log.fields.zone", "blue", "config.yml:2")]
    [InlineData("log.fields.a.b", "\"x # y\"", "config.yml:2")]
    [InlineData("log.formatter", "text", "default")]
    [InlineData("storage.filesystem.rootdirectory", "/srv", "config.yml:3")]
    [InlineData("storage.delete.enabled", "yes", "config.yml:3")]
    [InlineData("storage.maintenance.uploadpurging.age", "168h", "default")]
    [InlineData("http.addr", ":7000", "config.yml:4")]
    [InlineData("http.prefix", "/x", "REGISTRY_HTTP_PREFIX")]
    [InlineData("http.headers.X-A", "[b, \"c: d\"]", "config.yml:4")]
    [InlineData("catalog.maxentries", "5", "REGISTRY_CATALOG")]
    [InlineData("tags.maxtags", "1000", "default")]
    [InlineData("health.tcp[1].interval", "3s", "config.yml:8")]
    [InlineData("health.tcp[0].interval", "10s", "default")]
    public void A_value_has_its_origin(string path, string value, string origin) =>
        Assert.Equal((value, origin, false), (Key(path).Value, Key(path).Origin, Key(path).IsHidden));

    [Theory]
    [InlineData("http.secret")]
    [InlineData("redis.username")]
    [InlineData("redis.password")]
    [InlineData("proxy.password")]
    [InlineData("notifications.endpoints[0].url")]
    [InlineData("notifications.endpoints[0].headers.Authorization")]
    [InlineData("middleware.storage[0].options")]
    [InlineData("pasword")]
    public void A_secret_is_hidden_wherever_it_stands(string path) => Assert.Equal((null, true), (Key(path).Value, Key(path).IsHidden));

    [Fact]
    public void No_secret_is_printed()
    {
        Assert.DoesNotContain("swordfish", EffectiveYaml.Write(Loaded.Effective), StringComparison.Ordinal);
        Assert.All(Loaded.Effective, key => Assert.DoesNotContain("swordfish", key.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public void What_nobody_asked_for_is_not_listed() => Assert.DoesNotContain(Loaded.Effective, key =>
        key.KeyPath.StartsWith("auth", StringComparison.Ordinal) || key.KeyPath.StartsWith("http.tls", StringComparison.Ordinal) || key.KeyPath.StartsWith("storage.s3", StringComparison.Ordinal));

    [Fact]
    public void What_is_printed_can_be_read_again_and_means_the_same()
    {
        var printed = EffectiveYaml.Write(Loaded.Effective);
        var again = Given.File(printed);
        Assert.NotNull(again.Configuration);
        Assert.Equal(Loaded.Configuration!.Storage, again.Configuration.Storage);
        Assert.Equal(Loaded.Configuration.Health.Ports, again.Configuration.Health.Ports);
        Assert.Equal(Loaded.Configuration.Log.Fields, again.Configuration.Log.Fields);
        Assert.Equal(Loaded.Configuration.Http.Headers["X-A"], again.Configuration.Http.Headers["x-a"]);
        Assert.Equal(Loaded.Effective.Where(key => !key.IsHidden).Select(key => (key.KeyPath, key.Value)), again.Effective.Select(key => (key.KeyPath, key.Value)));
    }

    [Fact]
    public void A_storage_in_memory_is_listed_though_it_has_no_keys()
    {
        var keys = Given.File(Given.Minimum).Effective;
        Assert.Contains(keys, key => key is { KeyPath: "storage.inmemory", Value: "{}" });
        Assert.DoesNotContain(keys, key => key.KeyPath == "storage.filesystem.rootdirectory");
    }

    [Fact]
    public void Nothing_counts_where_there_is_an_error() => Assert.Empty(Given.File("version: 7\n").Effective);

    [Fact]
    public void Every_default_is_one_of_a_supported_key()
    {
        var supported = KeyTree.All.Where(key => key.State is KeyState.Supported).Select(key => key.Path).ToHashSet();
        Assert.DoesNotContain(KeyDefaults.All.Keys, path => !supported.Contains(path));
    }

    [Fact]
    public void Every_key_that_looks_like_a_secret_is_hidden()
    {
        string[] secrets =
        [
            "http.secret", "proxy.password", "proxy.username", "redis.password", "redis.sentinelpassword", "storage.s3.secretkey", "storage.s3.accesskey",
            "storage.s3.sessiontoken", "storage.azure.accountkey", "storage.azure.connectionstring", "storage.azure.credentials.secret", "storage.gcs.credentials",
            "storage.swift.password", "storage.swift.secretkey", "storage.swift.tempurlcontainerkey", "storage.oss.accesskeysecret", "log.hooks[].options.smtp.password",
            "reporting.bugsnag.apikey", "reporting.newrelic.licensekey", "notifications.endpoints[].headers", "health.http[].headers", "middleware.storage[].options",
        ];
        Assert.Empty(KeyTree.All.Where(key => secrets.Contains(key.Path) && !HiddenValue.Is(key, key.Name)).Select(key => key.Path));
        Assert.Empty(secrets.Except(KeyTree.All.Select(key => key.Path)));
    }

    private static EffectiveKey Key(string path) => Assert.Single(Loaded.Effective, key => key.KeyPath == path);
}
