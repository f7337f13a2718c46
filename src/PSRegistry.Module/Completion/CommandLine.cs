using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using PSRegistry.Connections;

namespace PSRegistry.Completion;

/// <summary>
/// The line around a word that is completed: its other arguments, as far as they are known without running anything, and its session. Made
/// on the session's own thread.
/// </summary>
internal sealed class CommandLine(IDictionary parameters)
{
    /// <summary>The session.</summary>
    public Runspace? Session { get; } = Runspace.DefaultRunspace;

    /// <summary>The registries that could be meant: the one that is named, else those that count when none is; none where a data folder is.</summary>
    public IReadOnlyList<string> Registries { get; } =
        Text(parameters, "DataPath") is not null ? [] : Text(parameters, "Registry") is { } named ? [named] : DefaultRegistry.Candidates();

    /// <summary>Whether a registry is named.</summary>
    public bool NamesRegistry { get; } = Text(parameters, "Registry") is not null;

    /// <summary>Whether a data folder is named; no registry is asked then.</summary>
    public bool NamesFolder { get; } = Text(parameters, "DataPath") is not null;

    /// <summary>The repository or image that is named; null for none.</summary>
    public string? Name { get; } = Text(parameters, "Repository") ?? Text(parameters, "Image");

    /// <summary>Whether certificates are not to be checked.</summary>
    public bool SkipsCertificateCheck { get; } = parameters["SkipCertificateCheck"] is true or SwitchParameter { IsPresent: true };

    private static string? Text(IDictionary parameters, string parameter)
    {
        var value = parameters[parameter];
        if (value is not string and IEnumerable several)
            value = several.Cast<object?>().FirstOrDefault();
        if (value is PSObject wrapped && wrapped.Properties[parameter]?.Value is string property)
            return property;
        return value?.ToString() is { Length: > 0 } text ? text : null;
    }
}
