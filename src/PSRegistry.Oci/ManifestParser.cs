using System.Text.Json;

namespace PSRegistry.Oci;

/// <summary>Reads a manifest strictly enough that two readers cannot understand two different things.</summary>
internal static class ManifestParser
{
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 64, AllowDuplicateProperties = false };

    public static Manifest Parse(ReadOnlyMemory<byte> content, string? declaredMediaType)
    {
        using var document = ParseJson(content);
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object)
            throw new ManifestFormatException("a manifest is a JSON object.");

        CheckSchemaVersion(root);
        var mediaType = MediaTypeOf(root, declaredMediaType);
        CheckShape(root, mediaType);
        var isIndex = MediaTypes.IsIndex(mediaType);
        return new Manifest(mediaType, content)
        {
            Config = isIndex ? null : DescriptorReader.Required(root, "config"),
            Layers = isIndex ? [] : DescriptorReader.List(root, "layers"),
            Manifests = isIndex ? DescriptorReader.List(root, "manifests") : [],
            Subject = DescriptorReader.Optional(root, "subject"),
            ArtifactType = DescriptorReader.Text(root, "artifactType"),
            Annotations = DescriptorReader.Annotations(root),
        };
    }

    private static JsonDocument ParseJson(ReadOnlyMemory<byte> content)
    {
        try
        {
            return JsonDocument.Parse(content, Strict);
        }
        catch (JsonException fault)
        {
            throw new ManifestFormatException($"it is not valid JSON: {fault.Message}");
        }
    }

    private static void CheckSchemaVersion(JsonElement root)
    {
        if (!root.TryGetProperty("schemaVersion", out var version) || version.ValueKind != JsonValueKind.Number || !version.TryGetInt32(out var number))
            throw new ManifestFormatException("\"schemaVersion\" is missing or not a number; it must be 2.");
        if (number == 1)
            throw new ManifestFormatException("schema 1 manifests are no longer accepted; push again with a client newer than docker 1.10.");
        if (number != 2)
            throw new ManifestFormatException($"\"schemaVersion\" is {number}; it must be 2.");
    }

    private static string MediaTypeOf(JsonElement root, string? declared)
    {
        var written = DescriptorReader.Text(root, "mediaType");
        if (string.IsNullOrEmpty(written))
        {
            if (declared is MediaTypes.DockerManifest or MediaTypes.DockerManifestList)
                throw new ManifestFormatException($"a manifest of type {declared} must say so in its \"mediaType\".");
            written = null;
        }
        else if (declared is not (null or MediaTypes.OctetStream or MediaTypes.Json) && written != declared)
        {
            throw new ManifestFormatException($"its \"mediaType\" is {written}, but the request's Content-Type is {declared}; they must be equal.");
        }
        var mediaType = written ?? (MediaTypes.IsManifest(declared) ? declared! : null) ?? ManifestType.FromShape(root.TryGetProperty("manifests", out _));
        if (declared is not (null or MediaTypes.OctetStream or MediaTypes.Json) && !MediaTypes.IsManifest(declared))
            throw new ManifestFormatException(Unknown(declared));
        return MediaTypes.IsManifest(mediaType) ? mediaType : throw new ManifestFormatException(Unknown(mediaType));
    }

    private static string Unknown(string mediaType) =>
        $"{mediaType} is no type of manifest known here; known are {MediaTypes.OciManifest}, {MediaTypes.OciIndex}, " +
        $"{MediaTypes.DockerManifest} and {MediaTypes.DockerManifestList}.";

    /// <summary>
    /// A document that can be read as an image and as an index would mean two things under one digest (CVE-2021-41190); so
    /// would an index that only its Content-Type tells from an image, because the Content-Type is not stored.
    /// </summary>
    private static void CheckShape(JsonElement root, string mediaType)
    {
        if (MediaTypes.IsIndex(mediaType) && !root.TryGetProperty("manifests", out _))
            throw new ManifestFormatException("\"manifests\" is missing.");
        string[] foreign = MediaTypes.IsIndex(mediaType) ? ["layers", "config", "fsLayers", "history"] : ["manifests", "fsLayers", "history"];
        foreach (var property in foreign)
        {
            if (root.TryGetProperty(property, out _))
                throw new ManifestFormatException($"a manifest of type {mediaType} must not have \"{property}\".");
        }
    }
}
