using PSRegistry.Server.Configuration;
using PSRegistry.Testing;

namespace PSRegistry.Server.Tests.Serving;

/// <summary>A config.yml that is written over while a registry runs on it.</summary>
internal sealed class ReloadFolder : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public string this[string name] => _folder[name];

    /// <summary>Writes the file: what every version of it has, and these lines.</summary>
    public ConfigurationSource Write(string more, string http = "", string storage = "")
    {
        File.WriteAllText(_folder["config.yml"], $"""
            version: 0.1
            http:
              addr: 127.0.0.1:0
            {http}
            storage:
              filesystem: {"{"}rootdirectory: '{_folder["data"]}'{"}"}
            {storage}
            {more}
            """);
        return new ConfigurationSource { Path = _folder["config.yml"] };
    }

    public void Dispose() => _folder.Dispose();
}
