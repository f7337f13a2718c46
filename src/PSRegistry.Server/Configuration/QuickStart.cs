namespace PSRegistry.Server.Configuration;

/// <summary>
/// What is served when nobody says what: this machine only, a folder of the user's, deletion on. It is a tree of keys like that of a file,
/// so that variables and parameters change it as they change a file; but not a text, because the YAML library would be loaded for it.
/// </summary>
internal static class QuickStart
{
    /// <summary>Where its keys are said to come from.</summary>
    public static readonly Origin Origin = new("built-in");

    /// <summary>The configuration of a registry that keeps what is pushed.</summary>
    public static MappingNode InFolder => Serve(Entry("filesystem", Map(Entry("rootdirectory", Text(DataFolder)))), "127.0.0.1:5000");

    /// <summary>The configuration of a throw-away registry, on a port of its own so that many run side by side.</summary>
    public static MappingNode InMemory => Serve(Entry("inmemory", Map()), "127.0.0.1:0");

    private static string DataFolder =>
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "psregistry");

    private static MappingNode Serve(MappingEntry driver, string address) => Map(
        Entry("version", new ScalarNode(Origin, ConfigurationLoader.CurrentVersion, ScalarType.Real)),
        Entry("storage", Map(driver, Entry("delete", Map(Entry("enabled", new ScalarNode(Origin, "true", ScalarType.Boolean)))))),
        Entry("http", Map(Entry("addr", Text(address)), Entry("draintimeout", Text("10s")))));

    private static MappingNode Map(params MappingEntry[] entries) => new(Origin, entries);

    private static MappingEntry Entry(string key, ConfigurationNode value) => new(key, Origin, value);

    private static ScalarNode Text(string text) => new(Origin, text, ScalarType.Text);
}
