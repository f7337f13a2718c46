using System.Text.Json;

namespace PSRegistry.Oci;

/// <summary>Tells the media type of a stored manifest: the data folder keeps the bytes and nothing beside them.</summary>
public static class ManifestType
{
    /// <summary>
    /// The <c>mediaType</c> that the bytes carry, else what their shape tells. Lenient, because what is stored was once
    /// accepted by some server; <see cref="MediaTypes.OctetStream"/> for bytes that are no JSON object or no Unicode.
    /// </summary>
    public static string Sniff(ReadOnlySpan<byte> content)
    {
        try
        {
            return Read(content);
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            return MediaTypes.OctetStream;
        }
    }

    internal static string FromShape(bool listsManifests) => listsManifests ? MediaTypes.OciIndex : MediaTypes.OciManifest;

    private static string Read(ReadOnlySpan<byte> content)
    {
        var reader = new Utf8JsonReader(content);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            return MediaTypes.OctetStream;
        string? mediaType = null;
        var listsManifests = false;
        var schema1 = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isMediaType = reader.ValueTextEquals("mediaType"u8);
            var isSchemaVersion = reader.ValueTextEquals("schemaVersion"u8);
            listsManifests |= reader.ValueTextEquals("manifests"u8);
            reader.Read();
            if (isMediaType && reader.TokenType == JsonTokenType.String)
                mediaType = reader.GetString();
            else if (isSchemaVersion && reader.TokenType == JsonTokenType.Number)
                schema1 = reader.TryGetInt32(out var version) && version == 1;
            reader.Skip();
        }
        if (!string.IsNullOrEmpty(mediaType))
            return Known(mediaType);
        return schema1 ? MediaTypes.DockerSchema1 : FromShape(listsManifests);
    }

    /// <summary>One shared string for the types of every day, so that a cache of manifests holds no copies of them.</summary>
    private static string Known(string mediaType) => mediaType switch
    {
        MediaTypes.OciManifest => MediaTypes.OciManifest,
        MediaTypes.OciIndex => MediaTypes.OciIndex,
        MediaTypes.DockerManifest => MediaTypes.DockerManifest,
        MediaTypes.DockerManifestList => MediaTypes.DockerManifestList,
        _ => mediaType,
    };
}
