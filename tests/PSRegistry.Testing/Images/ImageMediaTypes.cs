namespace PSRegistry.Testing;

/// <summary>The media types of the images under test, spelled out here on purpose: not taken from the code under test.</summary>
public static class ImageMediaTypes
{
    /// <summary>An image or artifact manifest of OCI.</summary>
    public const string OciManifest = "application/vnd.oci.image.manifest.v1+json";

    /// <summary>An image index of OCI.</summary>
    public const string OciIndex = "application/vnd.oci.image.index.v1+json";

    /// <summary>The config of an OCI image.</summary>
    public const string OciConfig = "application/vnd.oci.image.config.v1+json";

    /// <summary>A gzipped layer of OCI.</summary>
    public const string OciLayer = "application/vnd.oci.image.layer.v1.tar+gzip";

    /// <summary>The empty JSON object that stands for "no config".</summary>
    public const string OciEmpty = "application/vnd.oci.empty.v1+json";

    /// <summary>A manifest of docker's schema 2.</summary>
    public const string DockerManifest = "application/vnd.docker.distribution.manifest.v2+json";

    /// <summary>A manifest list of docker.</summary>
    public const string DockerList = "application/vnd.docker.distribution.manifest.list.v2+json";

    /// <summary>The config of a docker image.</summary>
    public const string DockerConfig = "application/vnd.docker.container.image.v1+json";

    /// <summary>A gzipped layer of docker.</summary>
    public const string DockerLayer = "application/vnd.docker.image.rootfs.diff.tar.gzip";

    /// <summary>An Accept that names every type of manifest.</summary>
    public static IReadOnlyDictionary<string, string> AcceptAll { get; } =
        new Dictionary<string, string> { ["Accept"] = string.Join(", ", OciManifest, OciIndex, DockerManifest, DockerList) };
}
