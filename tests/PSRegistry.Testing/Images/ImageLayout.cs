using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PSRegistry.Testing;

/// <summary>
/// A folder in the image layout of OCI (image-spec, image-layout.md), which real clients read and write:
/// <code>
/// oci-layout              {"imageLayoutVersion":"1.0.0"}
/// index.json              the tagged manifests
/// blobs/sha256/&lt;hex&gt;     manifests, configs, layers
/// </code>
/// Written without any of our own code, so that it can judge ours.
/// </summary>
public sealed class ImageLayout
{
    private readonly JsonArray _tagged = [];

    private ImageLayout(string folder) => Folder = folder;

    /// <summary>The folder.</summary>
    public string Folder { get; }

    /// <summary>The bytes of all blobs together: what a push sends.</summary>
    public long Size => new DirectoryInfo(BlobFolder).EnumerateFiles().Sum(blob => blob.Length);

    private string BlobFolder => Path.Combine(Folder, "blobs", "sha256");

    /// <summary>An empty layout in <paramref name="folder"/>, which is created.</summary>
    public static ImageLayout Create(string folder)
    {
        var layout = new ImageLayout(folder);
        Directory.CreateDirectory(layout.BlobFolder);
        File.WriteAllText(Path.Combine(folder, "oci-layout"), """{"imageLayoutVersion":"1.0.0"}""");
        return layout;
    }

    /// <summary>A layout that a client wrote.</summary>
    public static ImageLayout Open(string folder) => new(folder);

    /// <summary>How skopeo names what is tagged <paramref name="tag"/> here.</summary>
    public string Reference(string tag) => $"oci:{Folder}:{tag}";

    /// <summary>The bytes of a blob.</summary>
    public byte[] Read(ContentDescriptor blob) => File.ReadAllBytes(PathOf(blob));

    /// <summary>The file of a blob.</summary>
    public string PathOf(ContentDescriptor blob) => Path.Combine(BlobFolder, blob.Hex);

    /// <summary>The digests of all blobs, each computed from the file: a layout whose file names lie shows here.</summary>
    public IReadOnlyList<string> HashBlobs() =>
        [.. Directory.EnumerateFiles(BlobFolder).Select(ContentDescriptor.DigestOfFile).Order(StringComparer.Ordinal)];

    /// <summary>Adds a blob of a few bytes.</summary>
    public ContentDescriptor AddBlob(string mediaType, ReadOnlySpan<byte> content)
    {
        var blob = ContentDescriptor.Of(mediaType, content);
        File.WriteAllBytes(PathOf(blob), content);
        return blob;
    }

    /// <summary>Adds a manifest, config or other JSON document.</summary>
    public ContentDescriptor AddJson(string mediaType, JsonObject content) =>
        AddBlob(mediaType, JsonSerializer.SerializeToUtf8Bytes(content));

    /// <summary>Adds a gzipped layer of <paramref name="entries"/>.</summary>
    public ImageLayer AddLayer(IEnumerable<TarEntry> entries, CompressionLevel compression = CompressionLevel.Fastest)
    {
        var written = Path.Combine(Folder, $"layer-{Guid.NewGuid():n}");
        ContentDescriptor blob;
        string diffId;
        using (var file = File.Create(written))
        using (var gzipped = new HashingStream(file))
        {
            using (var compressor = new GZipStream(gzipped, compression, leaveOpen: true))
            using (var plain = new HashingStream(compressor))
            {
                using (var tar = new TarWriter(plain, leaveOpen: true))
                {
                    foreach (var entry in entries)
                    {
                        tar.WriteEntry(entry);
                    }
                }

                diffId = plain.Digest;
            }

            blob = new ContentDescriptor(ImageMediaTypes.OciLayer, gzipped.Digest, gzipped.Length);
        }

        File.Move(written, PathOf(blob), overwrite: true);
        return new ImageLayer(blob, diffId);
    }

    /// <summary>Adds the config and the manifest of an image for <c>linux/architecture</c>.</summary>
    public ContentDescriptor AddImage(string architecture, params IReadOnlyList<ImageLayer> layers)
    {
        var diffIds = new JsonArray([.. layers.Select(layer => (JsonNode)layer.DiffId)]);
        var config = AddJson(ImageMediaTypes.OciConfig, new JsonObject
        {
            ["created"] = "2026-01-01T00:00:00Z",
            ["architecture"] = architecture,
            ["os"] = "linux",
            ["config"] = new JsonObject { ["Cmd"] = new JsonArray("/bin/sh") },
            ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = diffIds },
        });
        return AddManifest(config, layers.Select(layer => layer.Blob));
    }

    /// <summary>
    /// Adds a manifest of any config and blobs: an image, or an artifact with an <paramref name="artifactType"/> and a
    /// <paramref name="subject"/>.
    /// </summary>
    public ContentDescriptor AddManifest(
        ContentDescriptor config, IEnumerable<ContentDescriptor> blobs, string? artifactType = null, ContentDescriptor? subject = null)
    {
        var manifest = new JsonObject { ["schemaVersion"] = 2, ["mediaType"] = ImageMediaTypes.OciManifest };
        if (artifactType is not null)
        {
            manifest["artifactType"] = artifactType;
        }

        manifest["config"] = config.ToJson();
        manifest["layers"] = new JsonArray([.. blobs.Select(blob => blob.ToJson())]);
        if (subject is not null)
        {
            manifest["subject"] = subject.ToJson();
        }

        return AddJson(ImageMediaTypes.OciManifest, manifest);
    }

    /// <summary>Adds an index of <paramref name="manifests"/>, each a descriptor with its platform.</summary>
    public ContentDescriptor AddIndex(params IReadOnlyList<JsonObject> manifests) => AddJson(ImageMediaTypes.OciIndex, new JsonObject
    {
        ["schemaVersion"] = 2,
        ["mediaType"] = ImageMediaTypes.OciIndex,
        ["manifests"] = new JsonArray([.. manifests]),
    });

    /// <summary>Tags <paramref name="manifest"/>.</summary>
    public ContentDescriptor Tag(string tag, ContentDescriptor manifest)
    {
        var tagged = manifest.ToJson();
        tagged["annotations"] = new JsonObject { ["org.opencontainers.image.ref.name"] = tag };
        _tagged.Add(tagged);
        var index = new JsonObject { ["schemaVersion"] = 2, ["manifests"] = _tagged.DeepClone() };
        File.WriteAllText(Path.Combine(Folder, "index.json"), index.ToJsonString());
        return manifest;
    }
}
