using PSRegistry.Errors;
using PSRegistry.Oci;
using PSRegistry.Places;

namespace PSRegistry.Commands;

/// <summary>An image of a registry or data folder, as it was named.</summary>
/// <param name="Place">The registry or data folder.</param>
/// <param name="Repository">Where it is in there.</param>
/// <param name="Tag">Its tag; null when only a digest was said.</param>
/// <param name="Digest">Its digest; null when only a tag was said. It counts before the tag.</param>
internal sealed record ImageTarget(RegistryPlace Place, IRepository Repository, Tag? Tag, Digest? Digest)
{
    /// <summary>The tag that docker takes when none is said.</summary>
    public static Tag Latest { get; } = Tag.Parse("latest");

    /// <summary>The registry as objects carry it.</summary>
    public string Registry => Place.Name;

    /// <summary>The repository as messages name it, with its registry.</summary>
    public string FullRepository => $"{Place}/{Repository.Name}";

    /// <summary>Its name in an archive, as docker writes it; null when it has none, being named by digest alone.</summary>
    public string? NameInArchive => Tag is null ? null : $"{(Place.IsFolder ? "" : Place + "/")}{Repository.Name}:{Tag}";

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
    public override string ToString() => $"{FullRepository}{(Tag is null || Digest is not null ? "" : ":" + Tag)}{(Digest is null ? "" : "@" + Digest)}";
}
