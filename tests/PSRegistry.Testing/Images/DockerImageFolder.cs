using System.Text.Json;
using System.Text.Json.Nodes;

namespace PSRegistry.Testing;

/// <summary>
/// An image of docker's schema 2 in the folder form of skopeo's <c>dir:</c> transport, which is copied byte for byte:
/// <code>
/// version                     Directory Transport Version: 1.1
/// manifest.json               the manifest, or the manifest list
/// &lt;hex&gt;.manifest.json         the manifests of a list
/// &lt;hex&gt;                       configs and layers
/// </code>
/// </summary>
public sealed class DockerImageFolder
{
    private DockerImageFolder(string folder) => Folder = folder;

    /// <summary>The folder.</summary>
    public string Folder { get; }

    /// <summary>How skopeo names it.</summary>
    public string Reference => $"dir:{Folder}";

    /// <summary>The manifest, or the list.</summary>
    public byte[] Manifest => File.ReadAllBytes(Path.Combine(Folder, "manifest.json"));

    /// <summary>A digest and name of every file.</summary>
    public IReadOnlyList<string> HashFiles() =>
    [
        .. Directory.EnumerateFiles(Folder)
            .Select(file => $"{ContentDescriptor.DigestOfFile(file)} {Path.GetFileName(file)}")
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>A folder that a client wrote.</summary>
    public static DockerImageFolder Open(string folder) => new(folder);

    /// <summary>Writes an image of <paramref name="source"/> with docker's media types.</summary>
    public static DockerImageFolder FromImage(ImageLayout source, ContentDescriptor image, string folder)
    {
        var written = Create(folder);
        File.WriteAllBytes(Path.Combine(folder, "manifest.json"), written.Translate(source, image));
        return written;
    }

    /// <summary>Writes the images of an index of <paramref name="source"/> as a manifest list.</summary>
    public static DockerImageFolder FromIndex(ImageLayout source, ContentDescriptor index, string folder)
    {
        var written = Create(folder);
        var children = new JsonArray();
        foreach (var child in JsonNode.Parse(source.Read(index))!["manifests"]!.AsArray())
        {
            var manifest = written.Translate(source, Descriptor(child!));
            var translated = ContentDescriptor.Of(ImageMediaTypes.DockerManifest, manifest);
            File.WriteAllBytes(Path.Combine(folder, $"{translated.Hex}.manifest.json"), manifest);
            var listed = translated.ToJson();
            listed["platform"] = child!["platform"]!.DeepClone();
            children.Add(listed);
        }

        var list = new JsonObject { ["schemaVersion"] = 2, ["mediaType"] = ImageMediaTypes.DockerList, ["manifests"] = children };
        File.WriteAllBytes(Path.Combine(folder, "manifest.json"), JsonSerializer.SerializeToUtf8Bytes(list));
        return written;
    }

    private static DockerImageFolder Create(string folder)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "version"), "Directory Transport Version: 1.1\n");
        return new DockerImageFolder(folder);
    }

    private static ContentDescriptor Descriptor(JsonNode json) =>
        new((string)json["mediaType"]!, (string)json["digest"]!, (long)json["size"]!);

    private byte[] Translate(ImageLayout source, ContentDescriptor image)
    {
        var manifest = JsonNode.Parse(source.Read(image))!;
        var config = Descriptor(manifest["config"]!) with { MediaType = ImageMediaTypes.DockerConfig };
        var layers = manifest["layers"]!.AsArray()
            .Select(layer => Descriptor(layer!) with { MediaType = ImageMediaTypes.DockerLayer })
            .ToList();
        foreach (var blob in layers.Prepend(config))
        {
            File.Copy(source.PathOf(blob), Path.Combine(Folder, blob.Hex), overwrite: true);
        }

        return JsonSerializer.SerializeToUtf8Bytes(new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = ImageMediaTypes.DockerManifest,
            ["config"] = config.ToJson(),
            ["layers"] = new JsonArray([.. layers.Select(layer => layer.ToJson())]),
        });
    }
}
