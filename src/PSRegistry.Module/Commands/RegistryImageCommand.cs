using System.Management.Automation;
using PSRegistry.Completion;
using PSRegistry.Errors;
using PSRegistry.Oci;

namespace PSRegistry.Commands;

/// <summary>A cmdlet that works on images, named as docker names them or by the properties of objects from the pipeline.</summary>
public abstract class RegistryImageCommand : RegistryClientCommand
{
    private protected const string ByName = "Image";

    // Neither is the default: the default is tried with conversions first, and objects would bind by their text, which has no scheme.
    private protected const string ByProperties = "Properties";

    /// <summary>
    /// The image, as docker takes it: [registry/]repository[:tag][@digest]. The first part is a registry when it has a dot or a colon, or is
    /// localhost.
    /// </summary>
    [Parameter(ParameterSetName = ByName, Position = 0, Mandatory = true, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ImageCompleter))]
    public string Image { get; set; } = "";

    /// <summary>
    /// The registry: host, host:port or URL. http only for this machine, or where the URL says so. Default: the one that Connect-Registry
    /// named, else the server of this session, else localhost:5000.
    /// </summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RegistryCompleter))]
    public string? Registry { get; set; }

    /// <summary>
    /// A data folder to work on in place of a registry, without a server: the folder that holds docker/registry/v2. A server may run on it
    /// at the same time. What comes from a folder carries its path as Registry, and so stays in it.
    /// </summary>
    [Parameter]
    [Alias("Path")]
    [ValidateNotNullOrEmpty]
    public virtual string? DataPath { get; set; }

    /// <summary>The repository, such as bitnami/postgresql.</summary>
    [Parameter(ParameterSetName = ByProperties, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RepositoryCompleter))]
    public string Repository { get; set; } = "";

    /// <summary>The tag.</summary>
    [Parameter(ParameterSetName = ByProperties, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(TagCompleter))]
    public string? Tag { get; set; }

    /// <summary>The digest of the manifest; it counts before the tag.</summary>
    [Parameter(ParameterSetName = ByProperties, ValueFromPipelineByPropertyName = true)]
    public string? Digest { get; set; }

    /// <summary>The image that is meant.</summary>
    /// <param name="tagWhenNone">What to take when neither tag nor digest is said; null to refuse.</param>
    /// <returns>Null when the words name none; the error is written.</returns>
    private protected ImageTarget? ResolveImage(Tag? tagWhenNone)
    {
        if (!NamedImage.TryParse(Text, IsWhole, out var image))
        {
            WriteError(RegistryErrors.InvalidImage(Text));
            return null;
        }
        var tag = image.Tag ?? (image.Digest is null ? tagWhenNone : null);
        if (tag is null && image.Digest is null)
        {
            WriteError(RegistryErrors.NoTag(Text));
            return null;
        }
        return ResolvePlace(image.Registry ?? Registry, DataPath) is { } place
            ? new ImageTarget(place, place.GetRepository(image.Repository), tag, image.Digest)
            : null;
    }

    /// <summary>The images that are meant: one, or all that match where repository or tag have wildcards.</summary>
    private protected IReadOnlyList<ImageTarget> ResolveImages(Tag? tagWhenNone)
    {
        var (registry, name) = IsWhole ? (null, Text) : NamedImage.SplitRegistry(Text);
        if (!WildcardPattern.ContainsWildcardCharacters(name))
            return ResolveImage(tagWhenNone) is { } image ? [image] : [];
        var colon = name.LastIndexOf(':');
        if (colon < 0)
            WriteError(RegistryErrors.NoTag(Text));
        if (colon < 0 || ResolvePlace(registry ?? Registry, DataPath) is not { } place)
            return [];
        try
        {
            if (MatchingImages.In(place, name[..colon], name[(colon + 1)..], Stop) is { } images)
                return [.. images];
            WriteError(RegistryErrors.InvalidRepository(name[..colon]));
        }
        catch (Exception failure) when (RegistryErrors.IsExpected(failure))
        {
            WriteFailure(failure, Text);
        }
        return [];
    }

    /// <summary>What the words of the command name, as one text.</summary>
    private string Text => ParameterSetName == ByName
        ? Image
        : Repository + (string.IsNullOrEmpty(Tag) ? "" : ":" + Tag) + (string.IsNullOrEmpty(Digest) ? "" : "@" + Digest);

    /// <summary>Who says where it is by itself does not mean a part of the name.</summary>
    private bool IsWhole => DataPath is not null || (ParameterSetName == ByProperties && Registry is not null);
}
