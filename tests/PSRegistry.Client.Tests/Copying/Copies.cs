using PSRegistry.Oci;
using PSRegistry.Testing;

namespace PSRegistry.Client.Tests.Copying;

/// <summary>What tests of copies have in common.</summary>
internal static class Copies
{
    public static Tag V1 { get; } = Tag.Parse("v1");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Publishes the first image of an archive.</summary>
    public static async Task<CopiedImage> PublishAsync(string path, RemoteRepository target, CopyOptions? options = null, Tag? tag = null)
    {
        await using var archive = await ImageArchive.OpenAsync(path, cancellationToken: Token);
        return await new ImageCopier(options).PublishAsync(archive, archive.Images[0], target, [tag ?? V1], Token);
    }

    /// <summary>The manifest that a tag names, parsed.</summary>
    public static async Task<Manifest> ManifestAsync(this RemoteRepository repository, Tag? tag = null)
    {
        var stored = await repository.GetManifestAsync(tag ?? V1, Token);
        Assert.True(Manifest.TryParse(stored!.Content, stored.MediaType, out var manifest, out var fault), fault);
        return manifest;
    }

    /// <summary>The whole of a blob, checked.</summary>
    public static async Task<byte[]> ReadAsync(this IRepository repository, Digest digest)
    {
        await using var blob = await repository.Blobs.OpenAsync(digest, Token);
        var content = new byte[blob!.Size];
        for (var at = 0; at < content.Length;)
        {
            var read = await blob.ReadAsync(at, content.AsMemory(at), Token);
            Assert.NotEqual(0, read);
            at += read;
        }
        return content;
    }

    /// <summary>A docker archive of busybox, made by skopeo.</summary>
    public static async Task<string> DockerArchiveAsync(this RealImages images, TemporaryFolder folder)
    {
        await using var skopeo = new Skopeo();
        var image = await images.BusyboxAsync();
        await skopeo.CopyAsync(image.Layout.Reference(RealImages.Tag), $"docker-archive:{folder["app.tar"]}:team/app:1.0", Token);
        return folder["app.tar"];
    }
}
