using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PSRegistry.Testing;

/// <summary>Images of a few bytes, pushed by hand: for tests in which only order, names and races count.</summary>
public static class TinyImages
{
    /// <summary>Pushes an image of one layer of <paramref name="content"/>; returns once everything is acknowledged.</summary>
    public static async Task<TinyImage> PushAsync(
        RegistryHttp http, string repository, string tag, byte[] content, CancellationToken cancellationToken)
    {
        var layer = ContentDescriptor.Of(ImageMediaTypes.OciLayer, content);
        var config = Json(new JsonObject { ["architecture"] = "amd64", ["os"] = "linux", ["layer"] = layer.Digest });
        var manifest = Json(Manifest(ContentDescriptor.Of(ImageMediaTypes.OciConfig, config), layer));
        await http.PushBlobAsync(repository, content, cancellationToken);
        await http.PushBlobAsync(repository, config, cancellationToken);
        var put = await http.PutManifestAsync(repository, tag, manifest, ImageMediaTypes.OciManifest, cancellationToken);
        return new TinyImage(put.MustBe(HttpStatusCode.Created).Digest, [layer.Digest, ContentDescriptor.DigestOf(config)]);
    }

    /// <summary>
    /// Pushes an artifact that refers to <paramref name="subject"/>, a manifest of the repository; the answer to its PUT.
    /// </summary>
    public static async Task<RegistryAnswer> PushReferrerAsync(
        RegistryHttp http, string repository, string subject, string artifactType, CancellationToken cancellationToken)
    {
        var stored = (await http.GetManifestAsync(repository, subject, cancellationToken)).MustBe(HttpStatusCode.OK);
        var empty = Json([]);
        var emptyBlob = ContentDescriptor.Of(ImageMediaTypes.OciEmpty, empty);
        await http.PushBlobAsync(repository, empty, cancellationToken);
        var manifest = Manifest(emptyBlob, emptyBlob);
        manifest["artifactType"] = artifactType;
        manifest["subject"] = ContentDescriptor.Of(stored.Header("Content-Type"), stored.Body).ToJson();
        var bytes = Json(manifest);
        var put = await http.PutManifestAsync(
            repository, ContentDescriptor.DigestOf(bytes), bytes, ImageMediaTypes.OciManifest, cancellationToken);
        return put.MustBe(HttpStatusCode.Created);
    }

    private static JsonObject Manifest(ContentDescriptor config, ContentDescriptor layer) => new()
    {
        ["schemaVersion"] = 2,
        ["mediaType"] = ImageMediaTypes.OciManifest,
        ["config"] = config.ToJson(),
        ["layers"] = new JsonArray(layer.ToJson()),
    };

    private static byte[] Json(JsonObject json) => JsonSerializer.SerializeToUtf8Bytes(json);
}

/// <summary>A tiny image that was acknowledged.</summary>
/// <param name="Manifest">The digest of its manifest.</param>
/// <param name="Blobs">The digests of its layer and config.</param>
public sealed record TinyImage(string Manifest, IReadOnlyList<string> Blobs);
