using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace PSRegistry.Testing;

/// <summary>Docker archives of images with one layer of any bytes, written without any of our own code.</summary>
public static class TinyArchive
{
    /// <summary>The digest of the configuration that such an image has: docker's ID of it.</summary>
    public static string IdOf(byte[] layer, string architecture = "amd64") => Digest(Config(layer, architecture));

    /// <summary>Writes an archive of one image.</summary>
    public static string Write(string path, byte[] layer, params string[] names) => Write(path, new TinyArchiveImage(layer, names));

    /// <summary>Writes an archive.</summary>
    public static string Write(string path, params TinyArchiveImage[] images)
    {
        using var tar = new TarWriter(File.Create(path));
        var manifest = new JsonArray();
        foreach (var (image, number) in images.Select((image, number) => (image, number)))
        {
            var config = Config(image.Layer, image.Architecture);
            var configFile = Digest(config)["sha256:".Length..] + ".json";
            Add(tar, configFile, config);
            Add(tar, $"{number}/layer.tar", image.StoredLayer ?? image.Layer);
            manifest.Add(new JsonObject
            {
                ["Config"] = configFile,
                ["RepoTags"] = image.Names.Length == 0 ? null : new JsonArray([.. image.Names.Select(name => (JsonNode)name)]),
                ["Layers"] = new JsonArray($"{number}/layer.tar"),
            });
        }

        Add(tar, "manifest.json", Encoding.UTF8.GetBytes(manifest.ToJsonString()));
        return path;
    }

    private static byte[] Config(byte[] layer, string architecture) => Encoding.UTF8.GetBytes(
        $$$"""{"architecture":"{{{architecture}}}","os":"linux","config":{},"rootfs":{"type":"layers","diff_ids":["{{{Digest(layer)}}}"]}}""");

    private static string Digest(byte[] content) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(content));

    private static void Add(TarWriter tar, string name, byte[] content) =>
        tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) });
}

/// <summary>An image of a <see cref="TinyArchive"/>.</summary>
/// <param name="Layer">Its layer, plain.</param>
/// <param name="Names">Its names.</param>
public sealed record TinyArchiveImage(byte[] Layer, params string[] Names)
{
    /// <summary>What it says that it runs on.</summary>
    public string Architecture { get; init; } = "amd64";

    /// <summary>What lies in the place of the layer; null for the layer.</summary>
    public byte[]? StoredLayer { get; init; }
}
