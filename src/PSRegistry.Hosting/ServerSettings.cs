using System.Collections;
using System.Collections.ObjectModel;
using System.Net;
using System.Text;

namespace PSRegistry.Hosting;

/// <summary>
/// What a caller says about a server. The parameters here come before the variables, those before the file, and that before the
/// defaults. Without a file the quick start is served: this machine only, a folder of the user's, deletion on.
/// </summary>
public sealed record ServerSettings
{
    /// <summary>The <c>config.yml</c>, absolute; null for the one that <c>REGISTRY_CONFIGURATION_PATH</c> names, else the quick start.</summary>
    public string? ConfigurationPath { get; init; }

    /// <summary>The variables to look for <c>REGISTRY_*</c> in.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>The folder that relative paths in the configuration begin at, absolute; null for the process's own.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>What overrules file and variables.</summary>
    public ServerParameters Parameters { get; init; } = new();

    /// <summary>Receives the server's log, access log included, on any thread; must not block. Null for no log.</summary>
    public Action<ServerLogRecord>? Log { get; init; }

    /// <summary>The variables of this process. By a loop: LINQ over these entries is compiled while a user waits for the server.</summary>
    public static IReadOnlyDictionary<string, string> ProcessEnvironment
    {
        get
        {
            var variables = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (DictionaryEntry variable in System.Environment.GetEnvironmentVariables())
                variables[(string)variable.Key] = (string?)variable.Value ?? "";
            return variables;
        }
    }

    // The environment holds secrets.
    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append("ConfigurationPath = ").Append(ConfigurationPath).Append(", Parameters = ").Append(Parameters);
        return true;
    }
}

/// <summary>Settings that a command names beside the configuration. What is null is not overruled.</summary>
public sealed record ServerParameters
{
    /// <summary>The data folder, absolute. The file system becomes the storage, whatever the configuration says.</summary>
    public string? RootDirectory { get; init; }

    /// <summary>Whether the content lives in memory, whatever the configuration says.</summary>
    public bool InMemory { get; init; }

    /// <summary>The host name or IP address to listen on, with its port where <see cref="Port"/> gives none; empty for every address of the machine.</summary>
    public string? Address { get; init; }

    /// <summary>The TCP port; 0 for any that is free.</summary>
    public int? Port { get; init; }

    /// <summary>The one user who may log in, whatever the configuration says of logins; null to leave it at that. Never printed.</summary>
    public NetworkCredential? Credential { get; init; }

    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append("RootDirectory = ").Append(RootDirectory)
            .Append(", InMemory = ").Append(InMemory)
            .Append(", Address = ").Append(Address)
            .Append(", Port = ").Append(Port)
            .Append(", Credential = ").Append(Credential is null ? "(none)" : "(given)");
        return true;
    }
}
