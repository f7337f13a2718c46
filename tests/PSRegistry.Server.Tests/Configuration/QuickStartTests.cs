using PSRegistry.Server.Configuration;

namespace PSRegistry.Server.Tests.Configuration;

public sealed class QuickStartTests
{
    [Theory]
    [InlineData(true, "inmemory: {}", 0)]
    [InlineData(false, "filesystem: {rootdirectory: '*'}", 5000)]
    public void It_is_what_a_file_would_say(bool inMemory, string driver, int port)
    {
        var found = ConfigurationLoader.Load(ConfigurationSource.Find(null, Given.Environment(), new ServerParameters { InMemory = inMemory }));
        Assert.Empty(found.Faults);
        if (!inMemory)
            Assert.Equal(Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "psregistry"), found.Configuration!.Storage.RootDirectory);
        var written = Given.File($"""
            version: 0.1
            storage:
              {driver.Replace("*", found.Configuration!.Storage.RootDirectory.Replace("'", "''", StringComparison.Ordinal), StringComparison.Ordinal)}
              delete: {"{enabled: true}"}
            http:
              addr: 127.0.0.1:{port}
              draintimeout: 10s
            """);
        Assert.Equal(written.Effective.Select(Said), found.Effective.Select(Said));
        Assert.Equal(written.Clean().ToString(), (found.Configuration with { Path = written.Configuration!.Path }).ToString());

        static (string, string?) Said(EffectiveKey key) => (key.KeyPath, key.Value);
    }

    [Fact]
    public void Variables_and_parameters_change_it()
    {
        var environment = Given.Environment(("REGISTRY_STORAGE_DELETE_ENABLED", "false"), ("REGISTRY_HTTP_ADDR", "127.0.0.1:5001"));
        var result = ConfigurationLoader.Load(ConfigurationSource.Find(null, environment, new ServerParameters { InMemory = true, Port = 5002 }));
        Assert.Empty(result.Faults);
        Assert.Equal((false, "127.0.0.1:5002"), (result.Configuration!.Storage.DeleteEnabled, result.Configuration.Http.Addr.ToString()));
        Assert.Equal("built-in", result.Effective.Single(key => key.KeyPath == "http.draintimeout").Origin);
    }
}
