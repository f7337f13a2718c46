using System.Text.Json;
using PSRegistry.Oci;

namespace PSRegistry.Client;

/// <summary>Writes the manifests that the client makes itself.</summary>
internal static class ManifestWriter
{
    /// <summary>An OCI index.</summary>
    public static byte[] Index(IEnumerable<Descriptor> manifests) => Write(json =>
    {
        json.WriteNumber("schemaVersion", 2);
        json.WriteString("mediaType", MediaTypes.OciIndex);
        json.WriteStartArray("manifests");
        foreach (var manifest in manifests)
            WriteDescriptor(json, manifest);
        json.WriteEndArray();
    });

    /// <summary>An image manifest of the given type.</summary>
    public static byte[] Image(string mediaType, Descriptor config, IEnumerable<Descriptor> layers) => Write(json =>
    {
        json.WriteNumber("schemaVersion", 2);
        json.WriteString("mediaType", mediaType);
        json.WritePropertyName("config");
        WriteDescriptor(json, config);
        json.WriteStartArray("layers");
        foreach (var layer in layers)
            WriteDescriptor(json, layer);
        json.WriteEndArray();
    });

    private static byte[] Write(Action<Utf8JsonWriter> content)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            content(json);
            json.WriteEndObject();
        }
        return bytes.ToArray();
    }

    private static void WriteDescriptor(Utf8JsonWriter json, Descriptor descriptor)
    {
        json.WriteStartObject();
        json.WriteString("mediaType", descriptor.MediaType);
        json.WriteString("digest", descriptor.Digest.ToString());
        json.WriteNumber("size", descriptor.Size);
        if (descriptor.ArtifactType is { } artifactType)
            json.WriteString("artifactType", artifactType);
        if (descriptor.Platform is { } platform)
            WritePlatform(json, platform);
        if (!descriptor.Urls.IsEmpty)
        {
            json.WriteStartArray("urls");
            foreach (var url in descriptor.Urls)
                json.WriteStringValue(url);
            json.WriteEndArray();
        }
        if (!descriptor.Annotations.IsEmpty)
        {
            json.WriteStartObject("annotations");
            foreach (var (key, value) in descriptor.Annotations.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                json.WriteString(key, value);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static void WritePlatform(Utf8JsonWriter json, Platform platform)
    {
        json.WriteStartObject("platform");
        json.WriteString("architecture", platform.Architecture);
        json.WriteString("os", platform.Os);
        if (platform.OsVersion is { } version)
            json.WriteString("os.version", version);
        if (platform.Variant is { } variant)
            json.WriteString("variant", variant);
        json.WriteEndObject();
    }
}
