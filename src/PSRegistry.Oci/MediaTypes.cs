namespace PSRegistry.Oci;

/// <summary>The media types that the registry itself must know; every other type is stored and served as it is.</summary>
public static class MediaTypes
{
    /// <summary>OCI image manifest (OCI image spec 1.1).</summary>
    public const string OciManifest = "application/vnd.oci.image.manifest.v1+json";

    /// <summary>OCI image index (OCI image spec 1.1).</summary>
    public const string OciIndex = "application/vnd.oci.image.index.v1+json";

    /// <summary>OCI image configuration.</summary>
    public const string OciConfig = "application/vnd.oci.image.config.v1+json";

    /// <summary>Docker image configuration.</summary>
    public const string DockerConfig = "application/vnd.docker.container.image.v1+json";

    /// <summary>Docker image manifest, version 2, schema 2.</summary>
    public const string DockerManifest = "application/vnd.docker.distribution.manifest.v2+json";

    /// <summary>Docker manifest list.</summary>
    public const string DockerManifestList = "application/vnd.docker.distribution.manifest.list.v2+json";

    /// <summary>Docker image manifest, schema 1, signed: found in old data folders, no longer accepted.</summary>
    public const string DockerSchema1 = "application/vnd.docker.distribution.manifest.v1+prettyjws";

    /// <summary>Arbitrary bytes.</summary>
    public const string OctetStream = "application/octet-stream";

    /// <summary>JSON of no particular kind.</summary>
    public const string Json = "application/json";

    /// <summary>Whether content of this type is a manifest that the registry parses: an image or a list of images.</summary>
    public static bool IsManifest(string? mediaType) => IsImage(mediaType) || IsIndex(mediaType);

    /// <summary>Whether the type is that of one image or artifact: a config and layers.</summary>
    public static bool IsImage(string? mediaType) => mediaType is OciManifest or DockerManifest;

    /// <summary>Whether the type is that of a list of manifests.</summary>
    public static bool IsIndex(string? mediaType) => mediaType is OciIndex or DockerManifestList;

    /// <summary>Whether the type is that of an image's configuration: a manifest that has one is a container image, not another artifact.</summary>
    public static bool IsImageConfig(string? mediaType) => mediaType is OciConfig or DockerConfig;

    /// <summary>Whether layers of this type may be fetched from elsewhere and need not be in the registry.</summary>
    public static bool IsForeignLayer(string mediaType)
    {
        ArgumentNullException.ThrowIfNull(mediaType);
        return mediaType.StartsWith("application/vnd.oci.image.layer.nondistributable.v1.", StringComparison.Ordinal)
            || mediaType is "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip" or "application/vnd.docker.image.rootfs.foreign.diff.tar";
    }

    /// <summary>The type without parameters such as <c>; charset</c>, trimmed; null for null or nothing.</summary>
    public static string? WithoutParameters(string? contentType)
    {
        var type = contentType.AsSpan();
        if (type.IndexOf(';') is var semicolon and >= 0)
            type = type[..semicolon];
        type = type.Trim();
        return type.IsEmpty ? null : type.Length == contentType!.Length ? contentType : type.ToString();
    }
}
