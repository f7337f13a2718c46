using System.Collections.ObjectModel;
using System.Text.RegularExpressions;

namespace PSRegistry.Server.Configuration;

/// <summary>Binds <c>validation</c>.</summary>
internal static class ValidationBinder
{
    private const string Manifests = "validation.manifests.";

    public static ValidationConfiguration Bind(ValueReader values)
    {
        // What is switched off is not looked at; and the old switch wins over the new one, as in the original.
        if (values.Boolean("validation.disabled") is true && values.Boolean("validation.enabled") is not true)
            return new() { Disabled = true };

        return new()
        {
            ManifestUrls = new()
            {
                Allow = Patterns(values, Manifests + "urls.allow"),
                Deny = Patterns(values, Manifests + "urls.deny"),
            },
            Indexes = new()
            {
                Platforms = values.Choice(Manifests + "indexes.platforms", "all", "none", "list") switch
                {
                    "none" => RequiredPlatforms.None,
                    "list" => RequiredPlatforms.List,
                    _ => RequiredPlatforms.All,
                },
                PlatformList = [.. values.Items(Manifests + "indexes.platformlist").OfType<MappingNode>().Select(Platform)],
            },
        };
    }

    private static ReadOnlyCollection<Regex> Patterns(ValueReader values, string path)
    {
        var patterns = new List<Regex>();
        foreach (var item in values.Items(path).OfType<ScalarNode>())
        {
            if (GoPattern.TryCompile(item.Text, out var pattern, out var reason))
                patterns.Add(pattern);
            else
                values.Faults.Error(path, item.Origin, $"\"{item.Text}\" is not a regular expression: {reason}", "Use Go's (RE2) syntax");
        }
        return patterns.AsReadOnly();
    }

    private static PlatformRule Platform(MappingNode platform) => new(
        (platform.Find("architecture") as ScalarNode)?.Text ?? "",
        (platform.Find("os") as ScalarNode)?.Text ?? "");
}
