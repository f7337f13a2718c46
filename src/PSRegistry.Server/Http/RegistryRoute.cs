using PSRegistry.Oci;

namespace PSRegistry.Server.Http;

/// <summary>
/// What a path addresses. It is read from the right, because a repository may be called <c>a/blobs/b</c> or
/// <c>tags/list/x</c>: the last segments decide, and the rest is the name.
/// </summary>
/// <param name="Kind">What it addresses.</param>
/// <param name="NameText">The repository as written; empty where there is none.</param>
/// <param name="Item">The last segment, where it is a tag, digest or upload id; else empty.</param>
internal readonly record struct RegistryRoute(RouteKind Kind, string NameText, string Item)
{
    /// <summary>A path that addresses nothing.</summary>
    public static readonly RegistryRoute Nothing = new(RouteKind.Unknown, "", "");

    /// <summary>The repository; null when the name breaks the grammar.</summary>
    public RepositoryName? Name { get; private init; }

    /// <summary>Parses a decoded path, from which the configured prefix was taken.</summary>
    /// <param name="path">The path, with its leading slash.</param>
    public static RegistryRoute Parse(ReadOnlySpan<char> path)
    {
        const string Base = "/v2/";
        if (path is "/" or "")
            return new RegistryRoute(RouteKind.Root, "", "");
        if (path is TokenEndpoint.Path)
            return new RegistryRoute(RouteKind.Token, "", "");
        if (path is "/v2")
            return new RegistryRoute(RouteKind.BaseWithoutSlash, "", "");
        if (!path.StartsWith(Base, StringComparison.Ordinal))
            return Nothing;
        var rest = path[Base.Length..];
        return rest switch
        {
            "" => new RegistryRoute(RouteKind.Base, "", ""),
            "_catalog" or "_catalog/" => new RegistryRoute(RouteKind.Catalog, "", ""),
            _ => ParseRepository(rest),
        };
    }

    private static RegistryRoute ParseRepository(ReadOnlySpan<char> rest)
    {
        if (Strip(rest, "/blobs/uploads/") is { IsEmpty: false } uploads)
            return Of(RouteKind.Uploads, uploads, "");
        if (Strip(rest, "/blobs/uploads") is { IsEmpty: false } uploadsWithoutSlash)
            return Of(RouteKind.Uploads, uploadsWithoutSlash, "");
        if (Strip(rest, "/tags/list") is { IsEmpty: false } tags)
            return Of(RouteKind.Tags, tags, "");

        var lastSlash = rest.LastIndexOf('/');
        if (lastSlash <= 0)
            return Nothing;
        var item = rest[(lastSlash + 1)..];
        var before = rest[..lastSlash];
        if (Strip(before, "/manifests") is { IsEmpty: false } manifests)
            return Of(RouteKind.Manifest, manifests, item);
        if (Strip(before, "/blobs/uploads") is { IsEmpty: false } upload)
            return Of(RouteKind.Upload, upload, item);
        if (Strip(before, "/blobs") is { IsEmpty: false } blobs)
            return Of(RouteKind.Blob, blobs, item);
        if (Strip(before, "/referrers") is { IsEmpty: false } referrers)
            return Of(RouteKind.Referrers, referrers, item);
        return Nothing;
    }

    /// <summary>What stands in front of <paramref name="ending"/>; empty when it does not end so.</summary>
    private static ReadOnlySpan<char> Strip(ReadOnlySpan<char> text, string ending) =>
        text.EndsWith(ending, StringComparison.Ordinal) ? text[..^ending.Length] : default;

    private static RegistryRoute Of(RouteKind kind, ReadOnlySpan<char> name, ReadOnlySpan<char> item)
    {
        if (RepositoryName.TryParse(name, out var repository))
            return new RegistryRoute(kind, repository.ToString(), item.ToString()) { Name = repository };
        return new RegistryRoute(kind, name.ToString(), item.ToString());
    }
}
