namespace PSRegistry.Client;

/// <summary>The media types of layers: docker's, and OCI's where docker has none.</summary>
internal static class LayerTypes
{
    private const string Docker = "application/vnd.docker.image.rootfs.diff.tar", Oci = "application/vnd.oci.image.layer.v1.tar";

    /// <summary>The type of a layer that is compressed so.</summary>
    public static string Of(LayerCompression compression) => compression switch
    {
        LayerCompression.Gzip => Docker + ".gzip",
        LayerCompression.Zstd => Oci + "+zstd",
        _ => Docker,
    };

    /// <summary>How a layer of that type is compressed; null for a type that is none of these.</summary>
    public static LayerCompression? CompressionOf(string mediaType) => mediaType switch
    {
        Docker or Oci => LayerCompression.None,
        Docker + ".gzip" or Oci + "+gzip" => LayerCompression.Gzip,
        Oci + "+zstd" => LayerCompression.Zstd,
        _ => null,
    };

    /// <summary>Whether docker has no such type.</summary>
    public static bool IsOciAlone(string mediaType) => CompressionOf(mediaType) == LayerCompression.Zstd;

    /// <summary>OCI's type for the same layer.</summary>
    public static string ToOci(string mediaType) => CompressionOf(mediaType) switch
    {
        LayerCompression.None => Oci,
        LayerCompression.Gzip => Oci + "+gzip",
        _ => mediaType,
    };
}
