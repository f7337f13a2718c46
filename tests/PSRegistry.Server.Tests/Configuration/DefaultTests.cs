using Microsoft.Extensions.Logging;
using PSRegistry.Server.Configuration;

namespace PSRegistry.Server.Tests.Configuration;

public sealed class DefaultTests
{
    [Fact]
    public void Without_file_and_variables_the_defaults_of_the_original_apply() => AssertDefaults(Given.Variables().Clean());

    [Fact]
    public void The_smallest_file_says_nothing_but_defaults() => AssertDefaults(Given.File("version: 0.1\nstorage: filesystem\n").Clean());

    [Fact]
    public void The_records_themselves_hold_the_defaults() => AssertDefaults(new RegistryConfiguration());

    private static void AssertDefaults(RegistryConfiguration configuration)
    {
        Assert.Equal((StorageDriverKind.FileSystem, "/var/lib/registry"), (configuration.Storage.Driver, configuration.Storage.RootDirectory));
        Assert.Equal((false, false, 0), (configuration.Storage.DeleteEnabled, configuration.Storage.ReadOnly, configuration.Storage.TagConcurrencyLimit));
        Assert.Equal(new UploadPurgingConfiguration { Enabled = true, Age = TimeSpan.FromDays(7), Interval = TimeSpan.FromDays(1) },
            configuration.Storage.UploadPurging);
        Assert.Equal(":5000", configuration.Http.Addr.ToString());
        Assert.Equal("/", configuration.Http.Prefix);
        Assert.Null(configuration.Http.Host);
        Assert.Null(configuration.Http.Secret);
        Assert.Null(configuration.Http.RelativeUrls);
        Assert.Equal(TimeSpan.Zero, configuration.Http.DrainTimeout);
        Assert.Empty(configuration.Http.Headers);
        Assert.Equal((LogLevel.Information, LogFormatter.Text, false),
            (configuration.Log.Level, configuration.Log.Formatter, configuration.Log.AccessLogDisabled));
        Assert.Equal((1000, 1000), (configuration.Catalog.MaxEntries, configuration.Tags.MaxTags));
        Assert.Equal((false, RequiredPlatforms.All), (configuration.Validation.Disabled, configuration.Validation.Indexes.Platforms));
        Assert.Empty(configuration.Validation.ManifestUrls.Allow);
    }

    [Fact]
    public void The_quick_start_serves_this_machine_alone_and_may_delete()
    {
        var configuration = ConfigurationLoader.Load(ConfigurationSource.Find(null, Given.Environment(), new ServerParameters { RootDirectory = "/tmp/images" })).Clean();
        Assert.Equal("127.0.0.1:5000", configuration.Http.Addr.ToString());
        Assert.True(configuration.Storage.DeleteEnabled);
        Assert.Equal("/tmp/images", configuration.Storage.RootDirectory);
    }

    [Fact]
    public void A_secret_is_not_printed()
    {
        var printed = Given.Variables(("REGISTRY_HTTP_SECRET", "swordfish")).Clean().ToString();
        Assert.DoesNotContain("swordfish", printed, StringComparison.Ordinal);
        Assert.Contains("Secret = (set)", printed, StringComparison.Ordinal);
    }

    [Fact]
    public void A_source_prints_neither_its_text_nor_its_environment()
    {
        var source = new ConfigurationSource { Text = "swordfish", Environment = Given.Environment(("A", "swordfish")) };
        Assert.DoesNotContain("swordfish", source.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Zero_means_the_default_for_both_list_limits()
    {
        var configuration = Given.File(Given.Minimum + "catalog: {maxentries: 0}\ntags: {maxtags: 0}\n").Clean();
        Assert.Equal((1000, 1000), (configuration.Catalog.MaxEntries, configuration.Tags.MaxTags));
    }

    [Fact]
    public void A_negative_catalog_limit_is_the_default_as_in_the_original()
    {
        var result = Given.File(Given.Minimum + "catalog: {maxentries: -4}\n");
        Assert.Equal("config.yml:3", result.OnlyWarning().Origin);
        Assert.Equal(1000, result.Configuration!.Catalog.MaxEntries);
    }
}
