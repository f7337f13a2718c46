using System.Diagnostics;
using PSRegistry.Testing;

namespace PSRegistry.Server.Tests.Configuration;

/// <summary>
/// Asks the original, where it is installed, whether it takes the same file: what it starts with, we start with; what it refuses,
/// we refuse. It is given an address that cannot be listened on, so that it ends by itself right after its configuration. Only storage
/// in memory here: with a folder it would clean up in that folder while it is at it.
/// </summary>
public sealed class OriginalTests
{
    private const string Program = "/usr/bin/docker-registry";
    private const string NoAddress = "256.256.256.256:1";

    [Theory]
    [InlineData("http.relativeurls", "yes", true)]
    [InlineData("http.relativeurls", "y", true)]
    [InlineData("http.relativeurls", "On", true)]
    [InlineData("http.relativeurls", "'true'", false)]
    [InlineData("http.relativeurls", "tRuE", false)]
    [InlineData("http.relativeurls", "1", false)]
    [InlineData("http.draintimeout", "60", true)]
    [InlineData("http.draintimeout", "1.5h", true)]
    [InlineData("http.draintimeout", "1h2m3s4ms", true)]
    [InlineData("http.draintimeout", "'60'", false)]
    [InlineData("http.draintimeout", "5d", false)]
    [InlineData("http.draintimeout", "2562048h", false)]
    [InlineData("http.secret", "12345", true)]
    [InlineData("http.secret", "[a]", false)]
    [InlineData("http.headers", "{X-A: [b]}", true)]
    [InlineData("http.headers", "{X-A: b}", false)]
    [InlineData("http.unknown", "5", true)]
    [InlineData("log.level", "WARN", true)]
    [InlineData("log.level", "fatal", false)]
    [InlineData("log.formatter", "logstash", true)]
    [InlineData("log.formatter", "xml", false)]
    [InlineData("catalog.maxentries", "-4", true)]
    [InlineData("catalog.maxentries", "0x10", true)]
    [InlineData("catalog.maxentries", "010", true)]
    [InlineData("catalog.maxentries", "1e3", true)]
    [InlineData("catalog.maxentries", "'5'", false)]
    [InlineData("storage.maintenance.uploadpurging", "{enabled: true, age: 168h, interval: 24h, dryrun: false}", true)]
    [InlineData("storage.maintenance.uploadpurging", "{enabled: true, age: 168, interval: 24h, dryrun: false}", false)]
    [InlineData("storage.maintenance.readonly", "{enabled: 'true'}", false)]
    [InlineData("auth.none", "{}", true)]
    [InlineData("auth.htpasswd", "", false)]
    [InlineData("auth.silly", "{realm: a, service: b}", true)]
    [InlineData("auth.silly", "{realm: a}", false)]
    [InlineData("auth.token", "", false)]
    [InlineData("auth.token", "{realm: 'http://a', service: b, issuer: c}", false)]
    [InlineData("auth.token", "{realm: 'http://a', service: b, issuer: c, rootcertbundle: /nowhere/a.pem}", false)]
    [InlineData("validation.manifests.urls.allow", "['[[:alpha:]]']", true)]
    [InlineData("validation.manifests.urls.allow", "['(?=a)']", false)]
    public Task Both_agree_on_a_key(string path, string value, bool accepted) => Agree(Given.FileWith(path, value), accepted);

    [Theory]
    [InlineData("version: 0.1\nstorage: inmemory\n", true)]
    [InlineData("version: '0.1'\nstorage: {inmemory: }\n", true)]
    [InlineData("version: 0.2\nstorage: inmemory\n", false)]
    [InlineData("storage: inmemory\n", false)]
    [InlineData("", false)]
    [InlineData("version: 0.1\n", false)]
    [InlineData("version: 0.1\nstorage: {delete: {enabled: true}}\n", false)]
    [InlineData("version: 0.1\nstorage: {inmemory: , filesystem: }\n", false)]
    [InlineData("version: 0.1\nstorage: {filesytem: }\n", false)]
    [InlineData("version: 0.1\nstorage: inmemory\nauth: basic\n", false)]
    [InlineData("version: 0.1\nx: &x {secret: a}\nstorage: inmemory\nhttp: {<<: *x}\n", true)]
    [InlineData("version: 0.1\nstorage: inmemory\n---\nversion: 7\n", true)]
    public Task Both_agree_on_a_file(string text, bool accepted) => Agree(text, accepted);

    [Theory]
    [InlineData("REGISTRY_PORT", "tcp://10.0.0.1:5000", true)]
    [InlineData("REGISTRY_HTTP_PORT", "tcp://10.0.0.1:5000", true)]
    [InlineData("REGISTRY_AUTH_PORT", "tcp://10.0.0.1:5000", false)]
    [InlineData("REGISTRY_STORAGE_PORT", "tcp://10.0.0.1:5000", false)]
    [InlineData("REGISTRY_STORAGE", "{inmemory: {}}", true)]
    [InlineData("REGISTRY_STORAGE", "", false)]
    [InlineData("REGISTRY_VERSION", "2.8.3", true)]
    [InlineData("REGISTRY_LOGLEVEL", "debug", true)]
    [InlineData("REGISTRY_HTTP_RELATIVEURLS", "'true'", false)]
    [InlineData("REGISTRY_HTTP_SECRET", "*a", false)]
    public Task Both_agree_on_a_variable(string name, string value, bool accepted) => Agree(Given.Minimum, accepted, (name, value));

    private static async Task Agree(string text, bool accepted, params (string Name, string Value)[] variables)
    {
        Assert.SkipUnless(File.Exists(Program), "the original is not installed");
        Assert.Equal(accepted, await OriginalStarts(text, variables));
        Assert.Equal(accepted, Given.File(text, variables).Configuration is not null);
    }

    private static async Task<bool> OriginalStarts(string text, (string Name, string Value)[] variables)
    {
        using var folder = new TemporaryFolder();
        var file = folder["config.yml"];
        await File.WriteAllTextAsync(file, text, TestContext.Current.CancellationToken);
        var start = new ProcessStartInfo(Program, ["serve", file]) { RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment.Clear();
        start.Environment["REGISTRY_HTTP_ADDR"] = NoAddress;
        foreach (var (name, value) in variables) start.Environment[name] = value;

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        await output;
        return errors.Contains("256.256.256.256", StringComparison.Ordinal);
    }
}
