using System.Globalization;
using Microsoft.Extensions.Logging;
using PSRegistry.Server.Configuration;

namespace PSRegistry.Server.Tests.Configuration;

/// <summary>Every supported key: what it does, that it can be said by variable too, and that nonsense in it is an error.</summary>
public sealed class SupportedKeyTests
{
    /// <param name="Path">The key.</param>
    /// <param name="Good">A value that differs from the default.</param>
    /// <param name="Read">Where it arrives, as text.</param>
    /// <param name="Expected">What arrives.</param>
    /// <param name="Bad">A value that is refused.</param>
    private sealed record Row(string Path, string Good, Func<RegistryConfiguration, object?> Read, string Expected, string Bad);

    private static readonly Row[] Table =
    [
        new("log.level", "warn", c => c.Log.Level, nameof(LogLevel.Warning), "loud"),
        new("log.formatter", "json", c => c.Log.Formatter, nameof(LogFormatter.Json), "xml"),
        new("log.fields", "{service: registry}", c => c.Log.Fields.GetValueOrDefault("service"), "registry", "[a]"),
        new("log.accesslog.disabled", "yes", c => c.Log.AccessLogDisabled, "True", "'yes'"),
        new("log.audit.disabled", "yes", c => c.Log.AuditDisabled, "True", "'yes'"),
        new("log.audit.path", "/var/log/audit.jsonl", c => c.Log.AuditPath, "/var/log/audit.jsonl", "[a]"),

        new("storage.filesystem.rootdirectory", "/srv/images", c => c.Storage.RootDirectory, "/srv/images", "''"),
        new("storage.delete.enabled", "true", c => c.Storage.DeleteEnabled, "True", "'true'"),
        new("storage.redirect.disable", "true", _ => "accepted", "accepted", "1"),
        new("storage.tag.concurrencylimit", "8", c => c.Storage.TagConcurrencyLimit, "8", "-1"),
        new("storage.maintenance.readonly.enabled", "true", c => c.Storage.ReadOnly, "True", "maybe"),
        new("storage.maintenance.uploadpurging.enabled", "false", c => c.Storage.UploadPurging.Enabled, "False", "'false'"),
        new("storage.maintenance.uploadpurging.age", "1h30m", c => c.Storage.UploadPurging.Age, "01:30:00", "168"),
        new("storage.maintenance.uploadpurging.interval", "90s", c => c.Storage.UploadPurging.Interval, "00:01:30", "0s"),
        new("storage.maintenance.uploadpurging.dryrun", "on", c => c.Storage.UploadPurging.DryRun, "True", "2"),

        new("http.addr", "localhost:5001", c => c.Http.Addr, "localhost:5001", "5000"),
        new("http.net", "tcp", _ => "accepted", "accepted", "udp"),
        new("http.host", "https://registry.example.com", c => c.Http.Host, "https://registry.example.com/", "registry.example.com"),
        new("http.prefix", "/a/b", c => c.Http.Prefix, "/a/b/", "a b"),
        new("http.secret", "s3cr3t", c => c.Http.Secret, "s3cr3t", "[a]"),
        new("http.relativeurls", "false", c => c.Http.RelativeUrls, "False", "never"),
        new("http.draintimeout", "1m", c => c.Http.DrainTimeout, "00:01:00", "-5s"),
        new("http.draindelay", "5s", c => c.Http.DrainDelay, "00:00:05", "-5s"),
        new("http.trustedproxies", "[10.0.0.0/8, '::1', unix]", c => c.Http.TrustedProxies, "10.0.0.0/8, ::1/128, unix", "[10.0.0.1/33]"),
        new("http.headers", "{X-Frame-Options: [deny]}", c => c.Http.Headers.GetValueOrDefault("x-frame-options")?[0], "deny", "{X-A: deny}"),
        new("http.http2.disabled", "true", c => c.Http.Http2Disabled, "True", "'true'"),
        new("http.h2c.enabled", "true", c => c.Http.H2cEnabled, "True", "'true'"),
        new("http.debug.addr", "localhost:5001", c => c.Http.DebugAddr, "localhost:5001", "5001"),

        new("health.storagedriver.enabled", "true", c => c.Health.StorageDriver is not null, "True", "'true'"),
        new("health.storagedriver.interval", "5s", _ => "accepted", "accepted", "soon"),
        new("health.storagedriver.threshold", "3", _ => "accepted", "accepted", "many"),

        new("notifications.events.includereferences", "true", c => c.Notifications.IncludeReferences, "True", "'true'"),
        new("notifications.outbox.enabled", "true", c => c.Notifications.Outbox.Enabled, "True", "'true'"),
        new("notifications.outbox.path", "/srv/events", c => c.Notifications.Outbox.Path, "/srv/events", "[a]"),
        new("notifications.outbox.maxsize", "2000000", c => c.Notifications.Outbox.MaxSize, "2000000", "1000"),
        new("notifications.outbox.retention", "1h", c => c.Notifications.Outbox.Retention, "01:00:00", "-1h"),

        new("catalog.maxentries", "50", c => c.Catalog.MaxEntries, "50", "many"),
        new("tags.maxtags", "0x20", c => c.Tags.MaxTags, "32", "-1"),

        new("validation.disabled", "true", c => c.Validation.Disabled, "True", "'true'"),
        new("validation.manifests.urls.allow", "['^https://a']", c => c.Validation.ManifestUrls.Allow is [var first, ..] ? first : null, "^https://a", "['(']"),
        new("validation.manifests.urls.deny", "['^https://b']", c => c.Validation.ManifestUrls.Deny is [var first, ..] ? first : null, "^https://b", "'^https://b'"),
        new("validation.manifests.indexes.platforms", "List", c => c.Validation.Indexes.Platforms, "List", "some"),
        new("validation.manifests.indexes.platformlist", "[{architecture: arm64, os: linux}]",
            c => c.Validation.Indexes.PlatformList is [var first, ..] ? first : null, "PlatformRule { Architecture = arm64, OS = linux }", "arm64"),
    ];

    public static TheoryData<string> Paths => [.. Table.Select(row => row.Path)];

    [Theory]
    [MemberData(nameof(Paths))]
    public void A_good_value_in_the_file_arrives(string path)
    {
        var row = Find(path);
        Assert.Equal(row.Expected, Text(row, Given.File(Given.FileWith(path, row.Good))));
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void A_good_value_in_a_variable_arrives_without_any_file(string path)
    {
        var row = Find(path);
        Assert.Equal(row.Expected, Text(row, Given.Variables((Variable(path), row.Good))));
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void A_good_value_in_a_variable_overrules_the_file(string path)
    {
        var row = Find(path);
        Assert.Equal(row.Expected, Text(row, Given.File(Given.FileWith(path, "null"), (Variable(path), row.Good))));
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void A_bad_value_in_the_file_is_an_error_with_its_key_and_line(string path)
    {
        var row = Find(path);
        var text = Given.FileWith(path, row.Bad);
        var fault = Given.File(text).OnlyError();
        Assert.StartsWith(path, fault.KeyPath, StringComparison.Ordinal);
        Assert.Equal($"config.yml:{text.Split('\n').Length - 1}", fault.Origin);
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void A_bad_value_in_a_variable_is_an_error_with_its_name(string path)
    {
        var row = Find(path);
        var fault = Given.Variables((Variable(path), row.Bad)).OnlyError();
        Assert.StartsWith(path, fault.KeyPath, StringComparison.Ordinal);
        Assert.Equal(Variable(path), fault.Origin);
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void Null_is_the_same_as_unset_but_for_the_folder(string path)
    {
        var result = Given.File(Given.FileWith(path, "null"));
        if (path == "storage.filesystem.rootdirectory")
            Assert.Contains("empty", result.OnlyError().Message, StringComparison.Ordinal);
        else
            Assert.Equal(Find(path).Read(new RegistryConfiguration()), Find(path).Read(result.Clean()));
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void A_default_that_is_written_down_is_the_one_that_counts(string path)
    {
        if (!KeyDefaults.All.TryGetValue(path, out var written)) return;
        Assert.Equal(Find(path).Read(new RegistryConfiguration()), Find(path).Read(Given.File(Given.FileWith(path, written)).Clean()));
    }

    [Fact]
    public void No_supported_key_is_left_out_of_this_table()
    {
        // Keys that mean nothing without others beside them; AuthKeyTests, TokenSectionTests, TlsKeyTests, MetricsKeyTests, HealthKeyTests and NotificationKeyTests
        // hold them.
        string[] together =
        [
            "auth.htpasswd.", "auth.token.", "auth.silly.", "http.tls.", "http.debug.prometheus.", "health.file", "health.http", "health.tcp", "notifications.endpoints",
        ];
        string[] elsewhere = ["version", "validation.manifests.indexes.platformlist[].architecture", "validation.manifests.indexes.platformlist[].os"];
        var supported = KeyTree.All
            .Where(key => key is { State: KeyState.Supported, IsSection: false } && !key.Path.EndsWith("[]", StringComparison.Ordinal))
            .Select(key => key.Path)
            .Where(path => !together.Any(start => path.StartsWith(start, StringComparison.Ordinal)));
        Assert.Equal(supported.Except(elsewhere).Order(StringComparer.Ordinal), Table.Select(row => row.Path).Order(StringComparer.Ordinal));
    }

    private static Row Find(string path) => Table.Single(row => row.Path == path);

    private static string Variable(string path) => "REGISTRY_" + path.Replace('.', '_').ToUpperInvariant();

    private static string? Text(Row row, ConfigurationResult result) =>
        Convert.ToString(row.Read(result.Clean()), CultureInfo.InvariantCulture);
}
