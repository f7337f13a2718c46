using System.Text.Json;
using PSRegistry.Oci;

namespace PSRegistry.Server.Http;

/// <summary>Writes a descriptor as JSON (OCI image spec, descriptor).</summary>
internal static class DescriptorJson
{
    public static void Write(Utf8JsonWriter json, Descriptor descriptor)
    {
        json.WriteStartObject();
        json.WriteString("mediaType"u8, descriptor.MediaType);
        json.WriteString("digest"u8, descriptor.Digest.ToString());
        json.WriteNumber("size"u8, descriptor.Size);
        if (!string.IsNullOrEmpty(descriptor.ArtifactType))
            json.WriteString("artifactType"u8, descriptor.ArtifactType);
        if (!descriptor.Annotations.IsEmpty)
        {
            json.WriteStartObject("annotations"u8);
            foreach (var (name, value) in descriptor.Annotations.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                json.WriteString(name, value);
            json.WriteEndObject();
        }
        if (descriptor.Platform is { } platform)
            WritePlatform(json, platform);
        json.WriteEndObject();
    }

    private static void WritePlatform(Utf8JsonWriter json, Platform platform)
    {
        json.WriteStartObject("platform"u8);
        json.WriteString("architecture"u8, platform.Architecture);
        json.WriteString("os"u8, platform.Os);
        if (platform.OsVersion is not null)
            json.WriteString("os.version"u8, platform.OsVersion);
        if (platform.Variant is not null)
            json.WriteString("variant"u8, platform.Variant);
        json.WriteEndObject();
    }
}
