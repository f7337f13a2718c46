using System.Buffers;
using System.Collections.Immutable;
using System.IO.Pipelines;
using System.Text;
using PSRegistry.Oci;
using Xunit;

namespace PSRegistry.Testing.Storage;

/// <summary>Small content to push through the interfaces, as a client would.</summary>
public static class SampleImages
{
    /// <summary>The type of layers in here.</summary>
    public const string LayerType = "application/vnd.oci.image.layer.v1.tar+gzip";

    /// <summary>A body that yields the content in one piece.</summary>
    public static PipeReader Body(ReadOnlyMemory<byte> content) => PipeReader.Create(new ReadOnlySequence<byte>(content));

    /// <summary>Uploads a blob.</summary>
    public static async Task<Descriptor> PushBlobAsync(
        this IRepository repository, string content, CancellationToken cancellationToken, DigestAlgorithm? algorithm = null, string type = LayerType)
    {
        var bytes = Encoding.UTF8.GetBytes(content);
        var digest = (algorithm ?? DigestAlgorithm.Sha256).Compute(bytes);
        await using var upload = await repository.Uploads.StartAsync(digest.Algorithm, cancellationToken);
        Assert.Equal(bytes.Length, await upload.AppendAsync(Body(bytes), cancellationToken));
        Assert.Null(await upload.CommitAsync(digest, cancellationToken));
        return new Descriptor(type, digest, bytes.Length);
    }

    /// <summary>Pushes a manifest, which must be accepted, and tags it.</summary>
    public static async Task<Digest> PushManifestAsync(this IRepository repository, string text, CancellationToken cancellationToken, params string[] tags)
    {
        Assert.Empty(await repository.TryPushManifestAsync(text, cancellationToken, tags));
        return Digest.OfContent(Encoding.UTF8.GetBytes(text));
    }

    /// <summary>Pushes a manifest and returns why it was refused.</summary>
    public static async Task<ImmutableArray<RegistryError>> TryPushManifestAsync(
        this IRepository repository, string text, CancellationToken cancellationToken, params string[] tags)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Assert.True(Manifest.TryParse(bytes, null, out var manifest, out var fault), fault);
        return await repository.Manifests.PutAsync(manifest, Digest.OfContent(bytes), [.. tags.Select(Tag.Parse)], cancellationToken);
    }

    /// <summary>Pushes an image of one layer; another seed is another image.</summary>
    public static async Task<Digest> PushImageAsync(this IRepository repository, string seed, CancellationToken cancellationToken, params string[] tags)
    {
        var config = await repository.PushBlobAsync("{\"seed\":\"" + seed + "\"}", cancellationToken, type: MediaTypes.OciConfig);
        var layer = await repository.PushBlobAsync("layer of " + seed, cancellationToken);
        return await repository.PushManifestAsync(Image(config, [layer]), cancellationToken, tags);
    }

    /// <summary>An image manifest.</summary>
    /// <param name="config">Its config.</param>
    /// <param name="layers">Its layers.</param>
    /// <param name="more">More properties, each with a comma in front.</param>
    /// <param name="type">Its type; null to leave it out.</param>
    public static string Image(Descriptor config, IEnumerable<Descriptor> layers, string more = "", string? type = MediaTypes.OciManifest)
    {
        ArgumentNullException.ThrowIfNull(config);
        return $$"""{"schemaVersion":2{{Typed(type)}},"config":{{Json(config)}},"layers":[{{string.Join(',', layers.Select(Json))}}]{{more}}}""";
    }

    /// <summary>An index of manifests.</summary>
    public static string Index(IEnumerable<Descriptor> manifests, string more = "", string? type = MediaTypes.OciIndex) =>
        $$"""{"schemaVersion":2{{Typed(type)}},"manifests":[{{string.Join(',', manifests.Select(Json))}}]{{more}}}""";

    /// <summary>A descriptor as JSON.</summary>
    public static string Json(Descriptor descriptor)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        var urls = descriptor.Urls.IsEmpty ? "" : $",\"urls\":[{string.Join(',', descriptor.Urls.Select(url => $"\"{url}\""))}]";
        var platform = descriptor.Platform is { } on ? $$""","platform":{"os":"{{on.Os}}","architecture":"{{on.Architecture}}"}""" : "";
        return $$"""{"mediaType":"{{descriptor.MediaType}}","digest":"{{descriptor.Digest}}","size":{{descriptor.Size}}{{urls}}{{platform}}}""";
    }

    /// <summary>The digest of content that nobody pushed.</summary>
    public static Digest Unknown(string seed) => Digest.OfContent(Encoding.UTF8.GetBytes("nobody pushed " + seed));

    private static string Typed(string? type) => type is null ? "" : $",\"mediaType\":\"{type}\"";
}
