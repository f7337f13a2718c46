using System.Collections;
using System.Collections.ObjectModel;
using System.Text;

namespace PSRegistry.Server.Configuration;

/// <summary>What a configuration is read from. All parts may be missing.</summary>
public sealed record ConfigurationSource
{
    /// <summary>The <c>config.yml</c> to read, or, beside <see cref="Text"/>, the name that faults give it.</summary>
    public string? Path { get; init; }

    /// <summary>The YAML itself; when given, no file is opened.</summary>
    public string? Text { get; init; }

    /// <summary>The variables to look for <c>REGISTRY_*</c> in. They overrule the file, and count without one.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>Whether an unknown key is an error everywhere.</summary>
    public bool Strict { get; init; }

    /// <summary>A source with the environment of this process.</summary>
    /// <param name="path">The <c>config.yml</c>, or null for the environment alone.</param>
    /// <param name="strict">Whether an unknown key is an error everywhere.</param>
    public static ConfigurationSource ForProcess(string? path, bool strict = false) => new()
    {
        Path = path,
        Strict = strict,
        Environment = System.Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value ?? "", StringComparer.Ordinal),
    };

    // Neither the text nor the environment: both hold secrets.
    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append("Path = ").Append(Path).Append(", Strict = ").Append(Strict);
        return true;
    }
}
