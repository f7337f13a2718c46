namespace PSRegistry.Server.Configuration;

/// <summary>
/// What is served when nobody says what: this machine only, a folder of the user's, deletion on. Written as a configuration, so
/// that variables and parameters change it as they change a file.
/// </summary>
internal static class QuickStart
{
    /// <summary>The configuration of a registry that keeps what is pushed.</summary>
    public static string InFolder => $$"""
        version: 0.1
        storage:
          filesystem:
            rootdirectory: '{{DataFolder.Replace("'", "''", StringComparison.Ordinal)}}'
          delete:
            enabled: true
        http:
          addr: 127.0.0.1:5000
          draintimeout: 10s
        """;

    /// <summary>The configuration of a throw-away registry, on a port of its own so that many run side by side.</summary>
    public static string InMemory => """
        version: 0.1
        storage:
          inmemory: {}
          delete:
            enabled: true
        http:
          addr: 127.0.0.1:0
          draintimeout: 10s
        """;

    private static string DataFolder =>
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "psregistry");
}
