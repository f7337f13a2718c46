using System.Management.Automation;
using PSRegistry.Client;
using PSRegistry.Output;

namespace PSRegistry.Commands;

/// <summary>The images of an engine as objects, and their choice by name.</summary>
internal static class LocalImages
{
    /// <summary>An object for each name, and one for an image without any.</summary>
    public static IReadOnlyList<RegistryLocalImage> Of(DockerEngine engine, IEnumerable<LocalImage> images) =>
        [.. images.SelectMany(image => image.Names.DefaultIfEmpty<string?>(null).Select(name => new RegistryLocalImage(image, name, engine.Address)))];

    /// <summary>Those that the patterns match; without patterns all that have a name, or <paramref name="all"/>.</summary>
    public static IEnumerable<RegistryLocalImage> Named(IEnumerable<RegistryLocalImage> images, string[]? patterns, bool all = false)
    {
        var wanted = NamePatterns.Of(patterns);
        return images.Where(image => image.Name is { } name ? wanted.Match(name) || wanted.Match(WithoutTag(name)) : all && patterns is null);
    }

    /// <summary>The names without wildcards that match nothing.</summary>
    public static IEnumerable<string> Missing(IReadOnlyList<RegistryLocalImage> images, string[]? patterns) =>
        (patterns ?? []).Where(pattern => !WildcardPattern.ContainsWildcardCharacters(pattern) && !Named(images, [pattern]).Any());

    private static string WithoutTag(string name) =>
        name.LastIndexOf(':') is var colon && colon > name.LastIndexOf('/') ? name[..colon] : name;
}
