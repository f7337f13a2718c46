using System.Diagnostics.CodeAnalysis;
using PSRegistry.Client;
using PSRegistry.Commands;
using PSRegistry.Oci;

namespace PSRegistry.Copying;

/// <summary>Where copies go: <c>registry[/repository[:tag]]</c>; a repository with a slash behind it is put in front of the images' own.</summary>
internal sealed class CopyDestination
{
    private readonly RepositoryName? _repository;
    private readonly bool _isFront;
    private readonly Tag? _tag;

    private CopyDestination(RegistryAddress registry, RepositoryName? repository, bool isFront, Tag? tag) =>
        (Registry, _repository, _isFront, _tag) = (registry, repository, isFront, tag);

    /// <summary>The registry.</summary>
    public RegistryAddress Registry { get; }

    /// <summary>Parses a destination; on failure <paramref name="fault"/> is a sentence.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out CopyDestination? destination, [NotNullWhen(false)] out string? fault)
    {
        destination = null;
        var scheme = text.IndexOf("://", StringComparison.Ordinal);
        var slash = text.IndexOf('/', scheme < 0 ? 0 : scheme + "://".Length);
        var (registry, path) = slash < 0 ? (text, "") : (text[..slash], text[(slash + 1)..]);
        if (!RegistryAddress.TryParse(registry, out var address, out fault))
            return false;
        var isFront = path.EndsWith('/');
        path = isFront ? path[..^1] : path;
        Tag? tag = null;
        if (!isFront && path.LastIndexOf(':') is var colon and >= 0)
        {
            if (!Tag.TryParse(path[(colon + 1)..], out tag))
                fault = $"'{path[(colon + 1)..]}' is no tag: {Tag.Rule}";
            path = path[..colon];
        }
        RepositoryName? repository = null;
        if (fault is null && path.Length > 0 && !RepositoryName.TryParse(path, out repository))
            fault = $"'{path}' is no repository name: {RepositoryName.Rule}";
        if (fault is null && tag is not null && repository is null)
            fault = "A tag belongs to a repository: write registry/repository:tag.";
        destination = fault is null ? new CopyDestination(address, repository, isFront && repository is not null, tag) : null;
        return destination is not null;
    }

    /// <summary>What an image is to be called there; false when it would be no name.</summary>
    public bool TryName(ImageTarget image, [NotNullWhen(true)] out RepositoryName? repository, out Tag? tag)
    {
        tag = _tag ?? image.Tag;
        repository = _repository ?? image.Repository.Name;
        return !_isFront || RepositoryName.TryParse($"{_repository}/{image.Repository.Name}", out repository);
    }
}
