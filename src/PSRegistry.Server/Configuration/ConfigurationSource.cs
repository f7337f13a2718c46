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

    /// <summary>The keys themselves; they count where there is neither a path nor a text.</summary>
    internal MappingNode? Tree { get; init; }

    /// <summary>The variables to look for <c>REGISTRY_*</c> in. They overrule the file, and count without one.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>What a command says beside the configuration; it overrules variables and file.</summary>
    public ServerParameters Parameters { get; init; } = new();

    /// <summary>The folder that relative paths in the configuration begin at, absolute; null for the process's own.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>Whether an unknown key is an error everywhere.</summary>
    public bool Strict { get; init; }

    /// <summary>
    /// The source that a start without more words means: the file that was named, else the one that <c>REGISTRY_CONFIGURATION_PATH</c>
    /// names, else the quick start; variables and parameters count over each.
    /// </summary>
    /// <param name="path">The file that was named, or null.</param>
    /// <param name="environment">The variables to look in.</param>
    /// <param name="parameters">What the command says beside it.</param>
    public static ConfigurationSource Find(string? path, IReadOnlyDictionary<string, string> environment, ServerParameters? parameters = null)
    {
        ArgumentNullException.ThrowIfNull(environment);
        parameters ??= new ServerParameters();
        path ??= environment.GetValueOrDefault("REGISTRY_CONFIGURATION_PATH");
        var source = new ConfigurationSource { Environment = environment, Parameters = parameters };
        return string.IsNullOrEmpty(path)
            ? source with { Tree = parameters.InMemory ? QuickStart.InMemory : QuickStart.InFolder }
            : source with { Path = path };
    }

    // Neither the text nor the environment: both hold secrets.
    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append("Path = ").Append(Path).Append(", Strict = ").Append(Strict);
        return true;
    }
}
