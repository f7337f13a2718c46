using System.Text.Json;

namespace PSRegistry.Host;

/// <summary>
/// What is served when nobody says what: this machine only, a folder of the user's, deletion on. Written as a configuration, so
/// that variables change it as they change a file.
/// </summary>
internal static class QuickStart
{
    public static string Configuration => $$"""
        version: 0.1
        storage:
          filesystem:
            rootdirectory: "{{JsonEncodedText.Encode(DataFolder)}}"
          delete:
            enabled: true
        http:
          addr: 127.0.0.1:5000
          draintimeout: 10s
        """;

    private static string DataFolder =>
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "psregistry");
}
