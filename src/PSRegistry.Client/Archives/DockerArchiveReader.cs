using System.Collections.Immutable;
using System.Text.Json;
using PSRegistry.Oci;

namespace PSRegistry.Client;

/// <summary>
/// Reads what <c>docker save</c> writes. Where the files lie differs; <c>manifest.json</c> tells in all of them:
/// <code>
/// docker to 24                     docker from 25                 skopeo, podman
/// manifest.json                    manifest.json                  manifest.json
/// repositories                     index.json, oci-layout         repositories
/// &lt;hex&gt;.json                       blobs/sha256/&lt;hex&gt;             &lt;hex&gt;.json
/// &lt;id&gt;/layer.tar  (or a link)      blobs/sha256/&lt;hex&gt;             &lt;hex&gt;.tar
/// </code>
/// </summary>
internal static class DockerArchiveReader
{
    private const string ManifestFile = "manifest.json";

    /// <summary>The images; null when it is no docker archive.</summary>
    public static async ValueTask<IReadOnlyList<ArchivedImage>?> FindAsync(IArchiveFiles files, CancellationToken cancellationToken)
    {
        if (files.Find(ManifestFile) is not { } entry)
            return null;
        var items = ArchiveJson.Parse(files, ManifestFile, await ArchiveJson.ReadAsync(files, entry, cancellationToken), ReadItems);
        var images = new List<ArchivedImage>(items.Count);
        foreach (var item in items)
            images.Add(await ReadImageAsync(files, item, cancellationToken));
        return images;
    }

    private static List<Item> ReadItems(JsonElement root) => [.. root.EnumerateArray().Select(item => new Item(
        Required(item, "Config"), Texts(item, "RepoTags"), Texts(item, "Layers")))];

    private static async ValueTask<ArchivedImage> ReadImageAsync(IArchiveFiles files, Item item, CancellationToken cancellationToken)
    {
        var config = await ArchiveJson.ReadAsync(files, Find(files, item.Config), cancellationToken);
        var diffIds = ArchiveJson.Parse(files, item.Config, config, static root => root.GetProperty("rootfs").GetProperty("diff_ids")
            .EnumerateArray().Select(id => Digest.Parse(id.GetString() ?? "")).ToImmutableArray());
        var id = Digest.OfContent(config);
        // Whoever writes such archives names the configuration by its digest.
        var name = Path.GetFileNameWithoutExtension(item.Config.Split('/', ':')[^1]);
        if (name.Length == 64 && name.All(char.IsAsciiHexDigitLower) && !id.Hex.SequenceEqual(name))
            throw new ArchiveException(files.Name,
                $"'{files.Name}' is refused: '{item.Config}' is not what its name says, its bytes have the digest {id}.");
        if (diffIds.Length != item.Layers.Length)
            throw new ArchiveException(files.Name,
                $"'{files.Name}' has {item.Layers.Length} layers for {item.Config}, which tells of {diffIds.Length}.");
        return new ArchivedImage
        {
            Names = item.RepoTags,
            Id = id,
            Config = config,
            Layers = [.. item.Layers.Select((layer, i) => (Find(files, layer), diffIds[i]))],
        };
    }

    private static ArchiveEntry Find(IArchiveFiles files, string path) => files.Find(path)
        ?? throw new ArchiveException(files.Name,
            $"'{files.Name}' is incomplete: '{ServerText.Clean(path, 200)}', which its {ManifestFile} names, is missing.");

    private static string Required(JsonElement item, string property) => item.GetProperty(property).GetString() is { Length: > 0 } text
        ? text
        : throw new FormatException($"\"{property}\" is empty.");

    private static ImmutableArray<string> Texts(JsonElement item, string property) =>
        !item.TryGetProperty(property, out var list) || list.ValueKind == JsonValueKind.Null
            ? []
            : [.. list.EnumerateArray().Select(text => text.GetString() ?? throw new FormatException($"\"{property}\" holds null."))];

    private sealed record Item(string Config, ImmutableArray<string> RepoTags, ImmutableArray<string> Layers);
}
