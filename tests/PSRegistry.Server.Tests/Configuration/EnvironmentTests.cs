using Microsoft.Extensions.Logging;
using PSRegistry.Server.Configuration;

namespace PSRegistry.Server.Tests.Configuration;

public sealed class EnvironmentTests
{
    private const string File = """
        version: 0.1
        storage:
          filesystem: {rootdirectory: /srv/images}
          delete: {enabled: true}
        http:
          addr: :5000
          headers: {X-Frame-Options: [deny, sameorigin]}
        notifications:
          endpoints: [{name: one, disabled: true}]
        """;

    [Fact]
    public void A_name_that_stops_early_replaces_the_whole_section()
    {
        var configuration = Given.File(File, ("REGISTRY_STORAGE", "inmemory")).Clean();
        Assert.Equal((StorageDriverKind.InMemory, false), (configuration.Storage.Driver, configuration.Storage.DeleteEnabled));

        Assert.Equal(":7000", Given.File(File, ("REGISTRY_HTTP", "{addr: ':7000'}")).Clean().Http.Addr.ToString());
        Assert.Empty(Given.File(File, ("REGISTRY_HTTP", "{addr: ':7000'}")).Clean().Http.Headers);
    }

    [Fact]
    public void Shorter_names_come_first_so_that_longer_ones_reach_into_them()
    {
        var storage = Given.File(File,
            ("REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY", "/srv/others"), ("REGISTRY_STORAGE", "filesystem")).Clean().Storage;
        Assert.Equal(("/srv/others", false), (storage.RootDirectory, storage.DeleteEnabled));
    }

    [Fact]
    public void The_variable_that_names_the_file_is_no_key_in_it() =>
        Assert.Equal(":5000", Given.File(File, ("REGISTRY_CONFIGURATION_PATH", "/etc/registry.yml")).Clean().Http.Addr.ToString());

    [Fact]
    public void A_longer_name_changes_that_key_alone()
    {
        var storage = Given.File(File, ("REGISTRY_STORAGE_DELETE_ENABLED", "no")).Clean().Storage;
        Assert.Equal(("/srv/images", false), (storage.RootDirectory, storage.DeleteEnabled));
    }

    [Fact]
    public void A_variable_can_complete_a_file_without_storage() =>
        Assert.Equal("/srv", Given.File("version: 0.1\n", ("REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY", "/srv")).Clean().Storage.RootDirectory);

    [Fact]
    public void Another_driver_beside_the_one_of_the_file_is_one_too_many()
    {
        var fault = Given.File(File, ("REGISTRY_STORAGE_INMEMORY", "{}")).OnlyError();
        Assert.Equal(("storage.inmemory", "REGISTRY_STORAGE_INMEMORY"), (fault.KeyPath, fault.Origin));
        Assert.Contains("config.yml:3", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_variable_unsets_what_the_file_says()
    {
        Assert.Null(Given.File(Given.Minimum + "http: {secret: a}\n", ("REGISTRY_HTTP_SECRET", "")).Clean().Http.Secret);
        Assert.Null(Given.File(Given.Minimum + "http: {relativeurls: true}\n", ("REGISTRY_HTTP_RELATIVEURLS", "")).Clean().Http.RelativeUrls);
        Assert.Equal(LogLevel.Information, Given.File(Given.Minimum + "log: {level: debug}\n", ("REGISTRY_LOG_LEVEL", "")).Clean().Log.Level);
    }

    [Fact]
    public void An_empty_variable_does_not_move_the_data()
    {
        var fault = Given.File(File, ("REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY", "")).OnlyError();
        Assert.Equal("REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY", fault.Origin);
    }

    [Fact]
    public void Unsetting_the_storage_of_the_file_leaves_no_driver() =>
        Assert.Equal("storage", Given.File(File, ("REGISTRY_STORAGE", "")).OnlyError().KeyPath);

    [Fact]
    public void A_header_of_the_file_is_met_in_any_case_and_a_new_one_is_lower_case()
    {
        var headers = Given.File(File, ("REGISTRY_HTTP_HEADERS_X-FRAME-OPTIONS", "[none]"), ("REGISTRY_HTTP_HEADERS_X-NEW", "[a, b]")).Clean().Http.Headers;
        Assert.Equal(["X-Frame-Options", "x-new"], headers.Keys);
        Assert.Equal(["none"], headers["X-Frame-Options"]);
        Assert.Equal(["a", "b"], headers["X-New"]);
    }

    [Fact]
    public void An_index_reaches_an_item_or_appends_one()
    {
        var headers = Given.File(File, ("REGISTRY_HTTP_HEADERS_X-FRAME-OPTIONS_1", "two"), ("REGISTRY_HTTP_HEADERS_X-FRAME-OPTIONS_2", "three"))
            .Clean().Http.Headers;
        Assert.Equal(["deny", "two", "three"], headers["X-Frame-Options"]);

        var endpoint = Assert.Single(Given.File(File, ("REGISTRY_NOTIFICATIONS_ENDPOINTS_1_URL", "http://a")).Clean().Notifications.Endpoints);
        Assert.Equal(new Uri("http://a"), endpoint.Url);
    }

    [Theory]
    [InlineData("REGISTRY_NOTIFICATIONS_ENDPOINTS_2_URL")]
    [InlineData("REGISTRY_NOTIFICATIONS_ENDPOINTS_FIRST_URL")]
    [InlineData("REGISTRY_NOTIFICATIONS_ENDPOINTS_-1_URL")]
    public void An_index_past_the_end_is_an_error(string name)
    {
        var fault = Given.File(File, (name, "http://a")).OnlyError();
        Assert.Equal(("notifications.endpoints", name), (fault.KeyPath, fault.Origin));
    }

    [Theory]
    [InlineData("REGISTRY_NOTIFICATIONS_EVENTCONFIG_INCLUDEREFERENCES", "true", "")]
    [InlineData("REGISTRY_NOTIFICATIONS_EVENTS_INCLUDEREFERENCES", "true", "")]
    [InlineData("REGISTRY_HEALTH_FILECHECKERS_0_FILE", "/a", "")]
    [InlineData("REGISTRY_HEALTH_FILE_0_FILE", "/a", "")]
    [InlineData("REGISTRY_HEALTH_HTTPCHECKERS_0_URI", "http://a", "")]
    [InlineData("REGISTRY_HEALTH_TCPCHECKERS_0_ADDR", "a:1", "")]
    [InlineData("REGISTRY_LOG_HOOKS_0_MAILOPTIONS_SMTP_ADDR", "a:25", "log.hooks")]
    [InlineData("REGISTRY_COMPATIBILITY_SCHEMA1_TRUSTKEY", "/a", "compatibility")]
    [InlineData("REGISTRY_REDIS_CONNMAXIDLETIME", "300s", "redis")]
    [InlineData("REGISTRY_LOGLEVEL", "debug", "loglevel")]
    public void Names_follow_the_fields_of_the_original_or_the_keys(string name, string value, string warned)
    {
        var result = Given.Variables((name, value));
        if (warned.Length == 0) result.Clean();
        else Assert.Equal(warned, result.OnlyWarning().KeyPath);
    }

    [Fact]
    public void A_field_of_the_log_is_added_in_lower_case() =>
        Assert.Equal("blue", Given.Variables(("REGISTRY_LOG_FIELDS_ZONE", "blue")).Clean().Log.Fields["zone"]);

    [Theory]
    [InlineData("REGISTRY_log_level", "Did you mean REGISTRY_LOG?")]
    [InlineData("REGISTRY_HTTP_HSOT", "Did you mean REGISTRY_HTTP_HOST?")]
    [InlineData("REGISTRY_HTTP_ADDR_X", "Unset it")]
    [InlineData("REGISTRY_", "Unset it")]
    [InlineData("REGISTRY_STORAGE_DELETE_ENABLE", "Did you mean REGISTRY_STORAGE_DELETE_ENABLED?")]
    public void An_unknown_variable_is_a_warning_and_names_the_one_that_was_meant(string name, string remedy)
    {
        var fault = Given.Variables((name, "x")).OnlyWarning();
        Assert.Equal((name, remedy), (fault.Origin, fault.Remedy));
    }

    [Theory]
    [InlineData("REGISTRY_HTTP_ADDR", "[a")]
    [InlineData("REGISTRY_HTTP_HEADERS_X-A", "[*]")]
    [InlineData("REGISTRY_HTTP_SECRET", "@a")]
    public void A_value_that_is_no_yaml_is_an_error(string name, string value) =>
        Assert.Equal((name, "the value is not YAML"), (Given.Variables((name, value)).OnlyError() is var fault ? fault.Origin : "", fault.Message));

    [Fact]
    public void Other_variables_are_not_looked_at() => Given.Variables(("REGISTRYHTTP", "x"), ("PATH", "[[["), ("registry_http_addr", "x")).Clean();

    [Fact]
    public void The_version_of_the_image_in_a_variable_does_no_harm() =>
        Assert.Equal("version", Given.File(File, ("REGISTRY_VERSION", "2.8.3")).OnlyWarning().KeyPath);

    [Fact]
    public void Reaching_into_a_value_of_the_file_is_an_error_that_names_both()
    {
        var result = Given.File(Given.Minimum + "http: 5\n", ("REGISTRY_HTTP_ADDR", ":1"));
        Assert.Contains(result.Faults, fault => fault.Origin == "REGISTRY_HTTP_ADDR" && fault.Message.Contains("config.yml:3", StringComparison.Ordinal));
        Assert.Contains(result.Faults, fault => fault is { Origin: "config.yml:3", Severity: FaultSeverity.Error });
    }

    [Fact]
    public void An_alias_shared_by_two_sections_is_changed_in_one_place_only()
    {
        var text = Given.Minimum + "http: {headers: {A: &x [one], B: *x}}\n";
        var headers = Given.File(text, ("REGISTRY_HTTP_HEADERS_A_0", "two")).Clean().Http.Headers;
        Assert.Equal(("two", "one"), (headers["A"][0], headers["B"][0]));
    }

    [Fact]
    public void The_environment_of_the_process_is_read() =>
        Assert.Equal(Environment.GetEnvironmentVariable("PATH"), ServerSettings.ProcessEnvironment["PATH"]);
}
