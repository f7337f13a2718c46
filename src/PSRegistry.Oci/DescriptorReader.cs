using System.Collections.Immutable;
using System.Text.Json;

namespace PSRegistry.Oci;

/// <summary>Reads descriptors and their neighbours out of manifest JSON, naming the property that is wrong.</summary>
internal static class DescriptorReader
{
    public static Descriptor Required(JsonElement parent, string property) =>
        Optional(parent, property) ?? throw new ManifestFormatException($"\"{property}\" is missing.");

    public static Descriptor? Optional(JsonElement parent, string property) =>
        Present(parent, property, out var value) ? Read(value, property) : null;

    /// <summary>A list of descriptors; nothing and null are an empty list, as Go's encoder writes it.</summary>
    public static ImmutableArray<Descriptor> List(JsonElement parent, string property)
    {
        if (!Present(parent, property, out var value))
            return [];
        if (value.ValueKind != JsonValueKind.Array)
            throw new ManifestFormatException($"\"{property}\" must be a list.");
        var list = ImmutableArray.CreateBuilder<Descriptor>(value.GetArrayLength());
        foreach (var item in value.EnumerateArray())
            list.Add(Read(item, $"{property}[{list.Count}]"));
        return list.MoveToImmutable();
    }

    public static string? Text(JsonElement parent, string property, string? place = null)
    {
        if (!Present(parent, property, out var value))
            return null;
        return value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : throw new ManifestFormatException($"\"{place ?? property}\" must be a string.");
    }

    public static ImmutableDictionary<string, string> Annotations(JsonElement parent, string? place = null)
    {
        if (!Present(parent, "annotations", out var value))
            return Descriptor.NoAnnotations;
        var where = place is null ? "annotations" : place + ".annotations";
        if (value.ValueKind != JsonValueKind.Object)
            throw new ManifestFormatException($"\"{where}\" must be an object.");
        var annotations = Descriptor.NoAnnotations.ToBuilder();
        foreach (var pair in value.EnumerateObject())
        {
            annotations[pair.Name] = pair.Value.ValueKind == JsonValueKind.String
                ? pair.Value.GetString()!
                : throw new ManifestFormatException($"\"{where}\" may hold strings only; \"{pair.Name}\" is none.");
        }
        return annotations.ToImmutable();
    }

    private static Descriptor Read(JsonElement value, string place)
    {
        if (value.ValueKind != JsonValueKind.Object)
            throw new ManifestFormatException($"\"{place}\" must be an object with mediaType, digest and size.");
        if (Text(value, "mediaType", place + ".mediaType") is not { Length: > 0 } mediaType)
            throw new ManifestFormatException($"\"{place}.mediaType\" is missing.");
        var text = Text(value, "digest", place + ".digest");
        if (!Digest.TryParse(text, out var digest))
            throw new ManifestFormatException($"\"{place}.digest\" is {(text is null ? "missing" : $"'{text}', which is no digest of a known algorithm")}.");
        if (!value.TryGetProperty("size", out var size) || size.ValueKind != JsonValueKind.Number || !size.TryGetInt64(out var bytes) || bytes < 0)
            throw new ManifestFormatException($"\"{place}.size\" must be a number of bytes.");
        return new Descriptor(mediaType, digest, bytes)
        {
            ArtifactType = Text(value, "artifactType", place + ".artifactType"),
            Urls = Urls(value, place),
            Annotations = Annotations(value, place),
            Platform = ReadPlatform(value, place),
        };
    }

    private static Platform? ReadPlatform(JsonElement parent, string place)
    {
        if (!Present(parent, "platform", out var value))
            return null;
        if (value.ValueKind != JsonValueKind.Object)
            throw new ManifestFormatException($"\"{place}.platform\" must be an object.");
        return new Platform(
            Text(value, "os", place + ".platform.os") ?? "",
            Text(value, "architecture", place + ".platform.architecture") ?? "",
            Text(value, "variant", place + ".platform.variant"),
            Text(value, "os.version", place + ".platform.os.version"));
    }

    private static ImmutableArray<string> Urls(JsonElement parent, string place)
    {
        if (!Present(parent, "urls", out var value))
            return [];
        if (value.ValueKind != JsonValueKind.Array || value.EnumerateArray().Any(url => url.ValueKind != JsonValueKind.String))
            throw new ManifestFormatException($"\"{place}.urls\" must be a list of strings.");
        return [.. value.EnumerateArray().Select(url => url.GetString()!)];
    }

    private static bool Present(JsonElement parent, string property, out JsonElement value) =>
        parent.TryGetProperty(property, out value) && value.ValueKind != JsonValueKind.Null;
}
