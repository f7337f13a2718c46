using System.Management.Automation;
using PSRegistry.Client;
using PSRegistry.Errors;
using PSRegistry.Output;
using PSRegistry.Pipeline;

namespace PSRegistry.Commands;

/// <summary>The images of the engine on this machine, and their choice by name.</summary>
internal static class LocalImages
{
    /// <summary>
    /// An object for each name that the patterns match. Without patterns these are all that there are, and with <paramref name="all"/> also the
    /// images without any.
    /// </summary>
    /// <param name="patterns">Names, with or without a tag; null for all.</param>
    /// <param name="all">Whether images without a name count.</param>
    /// <param name="onFault">Takes the errors: there is no engine, or it has nothing by a name without wildcards.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static IReadOnlyList<RegistryLocalImage> Find(string[]? patterns, bool all, Action<ErrorRecord> onFault, CancellationToken cancellationToken)
    {
        try
        {
            using var engine = DockerEngine.Open();
            var images = PipelineThread.Wait(() => engine.ListAsync(cancellationToken).AsTask())
                .SelectMany(image => image.Names.DefaultIfEmpty<string?>(null).Select(name => new RegistryLocalImage(image, name, engine.Address))).ToList();
            foreach (var missing in (patterns ?? []).Where(name => !WildcardPattern.ContainsWildcardCharacters(name) && !Named(images, [name]).Any()))
                onFault(ArchiveErrors.NotInEngine(missing, engine.Address));
            return [.. Named(images, patterns).Concat(images.Where(image => all && patterns is null && image.Name is null))];
        }
        catch (ArchiveException fault)
        {
            onFault(ArchiveErrors.Of(fault));
            return [];
        }
    }

    private static IEnumerable<RegistryLocalImage> Named(IEnumerable<RegistryLocalImage> images, string[]? patterns)
    {
        var wanted = NamePatterns.Of(patterns);
        return images.Where(image => image.Name is { } name && (wanted.Match(name) || wanted.Match(WithoutTag(name))));
    }

    private static string WithoutTag(string name) =>
        name.LastIndexOf(':') is var colon && colon > name.LastIndexOf('/') ? name[..colon] : name;
}
