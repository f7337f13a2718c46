using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using PSRegistry.Oci;

namespace PSRegistry.Server.Http;

/// <summary>
/// What the <c>_state</c> of an upload's URL carries, signed so that any server with the same secret takes the upload over and
/// nobody else makes one up: <c>base64url(HMAC-SHA256(secret, json) ‖ json)</c>, padded, as the original writes and reads it.
/// </summary>
/// <param name="Repository">Where the upload is.</param>
/// <param name="Id">Its name.</param>
/// <param name="Offset">How much had arrived when the URL was given out.</param>
/// <param name="StartedAt">When it was opened.</param>
internal sealed record UploadStateToken(string Repository, string Id, long Offset, DateTimeOffset StartedAt)
{
    private const int MaxTextLength = 4096;
    private const int SignatureLength = HMACSHA256.HashSizeInBytes;

    // The names are the original's fields, not ours: they are on the wire.
    private static readonly JsonEncodedText NameField = JsonEncodedText.Encode("Name");
    private static readonly JsonEncodedText UuidField = JsonEncodedText.Encode("UUID");
    private static readonly JsonEncodedText OffsetField = JsonEncodedText.Encode("Offset");
    private static readonly JsonEncodedText StartedAtField = JsonEncodedText.Encode("StartedAt");

    /// <summary>When it was opened, where nothing had arrived then: the upload may be written nowhere yet. Null otherwise.</summary>
    public DateTimeOffset? BegunAt => Offset == 0 ? StartedAt : null;

    /// <summary>Whether it was given out for this upload of this repository.</summary>
    public bool IsOf(RepositoryName name, string id) => Repository == name.ToString() && Id == id;

    public string Pack(byte[] secret)
    {
        var message = new ArrayBufferWriter<byte>(256);
        message.Advance(SignatureLength);
        using (var json = new Utf8JsonWriter(message))
        {
            json.WriteStartObject();
            json.WriteString(NameField, Repository);
            json.WriteString(UuidField, Id);
            json.WriteNumber(OffsetField, Offset);
            json.WriteString(StartedAtField, StartedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
            json.WriteEndObject();
        }
        var packed = message.WrittenSpan.ToArray();
        HMACSHA256.HashData(secret, packed.AsSpan(SignatureLength), packed);
        var text = Base64Url.EncodeToString(packed);
        return text.PadRight((text.Length + 3) / 4 * 4, '=');
    }

    /// <summary>Whether this looks as if another registry with another secret had given it out; it proves nothing.</summary>
    public static bool IsForeign(string text, byte[] secret, string repository, string id) =>
        Decode(text) is { } packed && !IsSigned(packed, secret) && Read(packed.AsSpan(SignatureLength)) is { } state && state.Repository == repository && state.Id == id;

    /// <summary>Reads what was given out; null for anything that was not signed with this secret.</summary>
    public static UploadStateToken? Unpack(string text, byte[] secret) =>
        Decode(text) is { } packed && IsSigned(packed, secret) ? Read(packed.AsSpan(SignatureLength)) : null;

    private static byte[]? Decode(string text)
    {
        if (text.Length is 0 or > MaxTextLength || !Base64Url.IsValid(text))
            return null;
        var packed = new byte[Base64Url.GetMaxDecodedLength(text.Length)];
        return Base64Url.TryDecodeFromChars(text, packed, out var length) && length > SignatureLength ? packed[..length] : null;
    }

    private static bool IsSigned(ReadOnlySpan<byte> packed, byte[] secret)
    {
        Span<byte> signature = stackalloc byte[SignatureLength];
        HMACSHA256.HashData(secret, packed[SignatureLength..], signature);
        return CryptographicOperations.FixedTimeEquals(signature, packed[..SignatureLength]);
    }

    private static UploadStateToken? Read(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            using var document = JsonDocument.ParseValue(ref reader);
            var root = document.RootElement;
            return new UploadStateToken(
                root.GetProperty(NameField.EncodedUtf8Bytes).GetString()!,
                root.GetProperty(UuidField.EncodedUtf8Bytes).GetString()!,
                root.GetProperty(OffsetField.EncodedUtf8Bytes).GetInt64(),
                root.GetProperty(StartedAtField.EncodedUtf8Bytes).GetDateTimeOffset());
        }
        catch (Exception unreadable) when (unreadable is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }
}
