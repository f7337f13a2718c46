using System.Management.Automation;
using PSRegistry.Client;
using PSRegistry.Completion;
using PSRegistry.Errors;
using PSRegistry.Oci;
using PSRegistry.Output;

namespace PSRegistry.Commands;

/// <summary>A cmdlet that works on images, named as docker names them or by the properties of objects from the pipeline.</summary>
public abstract class RegistryImageCommand : RegistryClientCommand
{
    private protected const string ByName = "Image";
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
        var text = ParameterSetName == ByName
            ? Image
            : Repository + (string.IsNullOrEmpty(Digest) ? string.IsNullOrEmpty(Tag) ? "" : ":" + Tag : "@" + Digest);
        if (!ImageReference.TryParse(text, out var reference))
        {
            WriteError(RegistryErrors.InvalidImage(text));
            return null;
        }
        var tag = reference.Tag ?? (reference.Digest is null ? tagWhenNone : null);
        if (tag is null && reference.Digest is null)
        {
            WriteError(RegistryErrors.NoTag(text));
            return null;
        }
        return ResolveRegistry(reference.Registry ?? Registry) is { } address
            ? new ImageTarget(ClientOf(address).GetRepository(reference.Repository), tag, reference.Digest)
            : null;
    }
}

/// <summary>An image of a registry, as it was named.</summary>
/// <param name="Repository">Where it is.</param>
/// <param name="Tag">Its tag; null when only a digest was said.</param>
/// <param name="Digest">Its digest; null when only a tag was said. It counts before the tag.</param>
internal sealed record ImageTarget(RemoteRepository Repository, Tag? Tag, Digest? Digest)
{
    /// <summary>The tag that docker takes when none is said.</summary>
    public static Tag Latest { get; } = Tag.Parse("latest");

    /// <summary>The registry as objects carry it.</summary>
    public string Registry => Repository.Registry.Address.Shortest();

    /// <summary>The manifest.</summary>
    /// <exception cref="ImageNotFoundException">The registry does not have it.</exception>
    public async ValueTask<StoredManifest> GetManifestAsync(CancellationToken cancellationToken) =>
        (Digest is null ? await Repository.GetManifestAsync(Tag!, cancellationToken) : await Repository.Manifests.GetAsync(Digest, cancellationToken))
        ?? throw new ImageNotFoundException(this);

    /// <summary>Type, digest and size of the manifest.</summary>
    /// <exception cref="ImageNotFoundException">The registry does not have it.</exception>
    public async ValueTask<Descriptor> DescribeAsync(CancellationToken cancellationToken) =>
        (Digest is null ? await Repository.DescribeAsync(Tag!, cancellationToken) : await Repository.DescribeAsync(Digest, cancellationToken))
        ?? throw new ImageNotFoundException(this);

    /// <summary>The image as docker writes it.</summary>
    public override string ToString() =>
        $"{Repository.Registry.Address.Authority}/{Repository.Name}{(Tag is null || Digest is not null ? "" : ":" + Tag)}{(Digest is null ? "" : "@" + Digest)}";
}
