using PSRegistry.Server.Configuration;
using PSRegistry.Testing;

namespace PSRegistry.Server.Tests.Configuration;

/// <summary>What can be wrong with a file as a whole, and with its YAML.</summary>
public sealed class FileTests
{
    [Fact]
    public void A_file_is_read_and_named_in_its_faults()
    {
        using var folder = new TemporaryFolder();
        var path = folder["config.yml"];
        File.WriteAllText(path, "version: 0.1\nstorage: inmemory\nextra: {}\n");
        Assert.Equal(path + ":3", ConfigurationLoader.Load(new() { Path = path }).OnlyWarning().Origin);
    }

    [Fact]
    public void A_missing_file_is_an_error()
    {
        var fault = ConfigurationLoader.Load(new() { Path = "/nowhere/config.yml" }).OnlyError();
        Assert.Equal("/nowhere/config.yml: error: there is no such file. Correct the path.", fault.ToString());
    }

    [Fact]
    public void A_folder_in_place_of_a_file_is_an_error() =>
        Assert.Equal("this is a folder", ConfigurationLoader.Load(new() { Path = Path.GetTempPath() }).OnlyError().Message);

    [Fact]
    public void An_unreadable_file_is_an_error()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess, "needs a user whom permissions bind");
        using var folder = new TemporaryFolder();
        var path = folder["config.yml"];
        File.WriteAllText(path, Given.Minimum);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.None);
        Assert.Equal("the file may not be read", ConfigurationLoader.Load(new() { Path = path }).OnlyError().Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nothing yet\n")]
    [InlineData("---\n")]
    [InlineData("~")]
    public void An_empty_file_is_an_error(string text) => Assert.Equal("the file is empty", Given.File(text).OnlyError().Message);

    [Theory]
    [InlineData("just words", "config.yml:1")]
    [InlineData("# a\n- version", "config.yml:2")]
    public void A_file_that_is_no_map_is_an_error(string text, string origin) => Assert.Equal(origin, Given.File(text).OnlyError().Origin);

    [Theory]
    [InlineData("version: 0.1\nstorage: {inmemory: \nhttp: {}\n", 2)]
    [InlineData("version: 0.1\nstorage: inmemory\nhttp: {host: 'a}\nlog: {}\n", 3)]
    [InlineData("version: 0.1\nstorage: inmemory\n- a\n", 3)]
    [InlineData("version: 0.1\nstorage: inmemory\nhttp:\n\taddr: a\n", 4)]
    [InlineData("version: 0.1\nstorage: inmemory\nlog: a: b\n", 3)]
    [InlineData("version: 0.1\nstorage: inmemory\nhttp: *nowhere\n", 3)]
    [InlineData("version: 0.1\nstorage: @\n", 2)]
    public void A_syntax_fault_has_its_line(string text, int line)
    {
        var fault = Given.File(text).OnlyError();
        Assert.StartsWith("not YAML: ", fault.Message, StringComparison.Ordinal);
        Assert.Equal($"config.yml:{line}", fault.Origin);
    }

    [Fact]
    public void A_key_written_twice_is_an_error_with_the_line_of_the_second()
    {
        var fault = Given.File("version: 0.1\nstorage: inmemory\nhttp: {}\nlog: {}\nhttp: {}\n").OnlyError();
        Assert.Equal(("config.yml:5", "not YAML: Duplicate key http"), (fault.Origin, fault.Message));
    }

    [Fact]
    public void A_second_document_is_ignored_as_in_the_original_but_not_in_silence() =>
        Assert.Equal("config.yml:4", Given.File(Given.Minimum + "---\nauth: {htpasswd: }\n").OnlyWarning().Origin);

    [Theory]
    [InlineData("version: 0.1")]
    [InlineData("version: '0.1'")]
    [InlineData("version: \"0.1\"")]
    public void The_version_is_a_number_or_a_text(string version) => Given.File(version + "\nstorage: inmemory\n").Clean();

    [Theory]
    [InlineData("", "the version is missing")]
    [InlineData("version: ", "the version is missing")]
    [InlineData("version: 0.2", "version 0.2 is not known")]
    [InlineData("version: 0.10", "version 0.10 is not known")]
    [InlineData("version: 1", "version 1 is not known")]
    public void Another_version_is_an_error(string version, string message) =>
        Assert.Equal(("version", message), (Given.File($"storage: inmemory\n{version}\n").OnlyError() is var fault ? fault.KeyPath : "", fault.Message));

    [Theory]
    [InlineData("version: 0.1\n")]
    [InlineData("version: 0.1\nstorage:\n")]
    [InlineData("version: 0.1\nstorage: {}\n")]
    [InlineData("version: 0.1\nstorage: {delete: {enabled: true}}\n")]
    public void A_file_without_a_driver_is_an_error(string text) => Assert.Equal("storage", Given.File(text).OnlyError().KeyPath);

    [Fact]
    public void Two_drivers_are_an_error_at_the_second()
    {
        var fault = Given.File("version: 0.1\nstorage:\n  filesystem: {rootdirectory: /a}\n  inmemory:\n").OnlyError();
        Assert.Equal(("storage.inmemory", "config.yml:4"), (fault.KeyPath, fault.Origin));
    }

    [Fact]
    public void Merge_keys_and_aliases_are_followed()
    {
        var configuration = Given.File("""
            version: 0.1
            storage: inmemory
            catalog: &limits {maxentries: 7}
            http:
              <<: [{addr: ':1', prefix: /a/}, {addr: ':2', secret: s}]
              prefix: /b/
              headers: {A: &list [x], B: *list}
            """).Clean();
        Assert.Equal((":1", "/b/", "s"), (configuration.Http.Addr.ToString(), configuration.Http.Prefix, configuration.Http.Secret));
        Assert.Equal("x", configuration.Http.Headers["b"][0]);
    }

    [Fact]
    public void A_value_behind_an_alias_reports_the_line_of_its_anchor()
    {
        var result = Given.File(Given.Minimum + "x-addr: &a nonsense\nhttp:\n  addr: *a\n");
        Assert.Equal("config.yml:3", Assert.Single(result.Faults, fault => fault.KeyPath == "http.addr").Origin);
    }

    [Theory]
    [InlineData("http: &a {tls: *a}")]
    [InlineData("http: {<<: 5}")]
    [InlineData("http: {[a]: 5}")]
    [InlineData("http: {draintimeout: !!int abc}")]
    public void What_has_no_meaning_is_an_error_and_not_a_crash(string line) =>
        Assert.Equal("config.yml:3", Given.File($"{Given.Minimum}{line}\n").OnlyError().Origin);

    [Fact]
    public void Aliases_that_multiply_do_not_exhaust_the_memory()
    {
        var text = Given.Minimum + "x0: &x0 [a, a]\n" + string.Concat(
            Enumerable.Range(1, 60).Select(i => $"x{i}: &x{i} [*x{i - 1}, *x{i - 1}]\n")) + "log: {fields: *x60}\n";
        Assert.Contains(Given.File(text).Faults, fault => fault.KeyPath == "log.fields");
    }
}
