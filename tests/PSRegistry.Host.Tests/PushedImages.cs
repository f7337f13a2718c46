using System.Net;
using PSRegistry.Testing;

namespace PSRegistry.Host.Tests;

/// <summary>One image of every kind, pushed by a real client to one registry, to be found again byte for byte at another.</summary>
internal sealed class PushedImages
{
    private const string OciRepository = "kinds/oci";
    private const string IndexRepository = "kinds/index";
    private const string ArtifactRepository = "kinds/artifact";
    private const string DockerRepository = "docker/image";
    private const string ListRepository = "docker/list";

    private readonly Skopeo _skopeo;
    private readonly IReadOnlyDictionary<string, RealImage> _images;
    private readonly IReadOnlyDictionary<string, DockerImageFolder> _dockerImages;

    private PushedImages(
        Skopeo skopeo, IReadOnlyDictionary<string, RealImage> images, IReadOnlyDictionary<string, DockerImageFolder> dockerImages)
    {
        _skopeo = skopeo;
        _images = images;
        _dockerImages = dockerImages;
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Pushes all to <paramref name="registry"/>; docker's forms are first written into <paramref name="folder"/>.</summary>
    public static async Task<PushedImages> PushAsync(RegistryProcess registry, Skopeo skopeo, RealImages images, TemporaryFolder folder)
    {
        var busybox = await images.BusyboxAsync();
        var multi = await images.MultiPlatformAsync();
        var pushed = new PushedImages(
            skopeo,
            new Dictionary<string, RealImage>
            {
                [OciRepository] = busybox,
                [IndexRepository] = multi,
                [ArtifactRepository] = await images.ArtifactAsync(),
            },
            new Dictionary<string, DockerImageFolder>
            {
                [DockerRepository] = DockerImageFolder.FromImage(busybox.Layout, busybox.Manifest, folder["docker-image"]),
                [ListRepository] = DockerImageFolder.FromIndex(multi.Layout, multi.Manifest, folder["docker-list"]),
            });
        foreach (var (repository, image) in pushed._images)
        {
            await skopeo.CopyAsync(image.Reference, Name(registry, repository), Token, "--all", "--preserve-digests");
        }

        foreach (var (repository, image) in pushed._dockerImages)
        {
            await skopeo.CopyAsync(image.Reference, Name(registry, repository), Token, "--all", "--preserve-digests");
        }

        return pushed;
    }

    /// <summary>Pulls all from <paramref name="registry"/>, and asks it for its catalog and their tags.</summary>
    public async Task MustAllBeAtAsync(RegistryProcess registry)
    {
        Assert.Equal(Repositories(), (await registry.Http.ListRepositoriesAsync(Token)).Order(StringComparer.Ordinal));
        foreach (var repository in Repositories())
        {
            Assert.Equal([RealImages.Tag], await registry.Http.ListTagsAsync(repository, Token));
        }

        foreach (var (repository, image) in _images)
        {
            await using var pulled = new TemporaryFolder();
            await _skopeo.CopyAsync(Name(registry, repository), $"oci:{pulled}:v1", Token, "--all", "--preserve-digests");
            Assert.Equal(image.Layout.HashBlobs(), ImageLayout.Open(pulled.Path).HashBlobs());
        }

        foreach (var (repository, image) in _dockerImages)
        {
            await using var pulled = new TemporaryFolder();
            await _skopeo.CopyAsync(Name(registry, repository), $"dir:{pulled}", Token, "--all", "--preserve-digests");
            Assert.Equal(image.HashFiles(), DockerImageFolder.Open(pulled.Path).HashFiles());
        }
    }

    /// <summary>Deletes every tagged manifest at <paramref name="registry"/>.</summary>
    public async Task DeleteAllAsync(RegistryProcess registry)
    {
        foreach (var repository in Repositories())
        {
            await _skopeo.DeleteAsync(Name(registry, repository), Token);
        }
    }

    /// <summary>None is found at <paramref name="registry"/> any longer.</summary>
    public async Task MustAllBeGoneAtAsync(RegistryProcess registry)
    {
        foreach (var repository in Repositories())
        {
            (await registry.Http.GetManifestAsync(repository, RealImages.Tag, Token)).MustBe(HttpStatusCode.NotFound);
        }

        foreach (var (repository, image) in _images)
        {
            (await registry.Http.GetManifestAsync(repository, image.Manifest.Digest, Token)).MustBe(HttpStatusCode.NotFound);
        }
    }

    private static string Name(RegistryProcess registry, string repository) =>
        $"docker://{registry.Authority}/{repository}:{RealImages.Tag}";

    private IReadOnlyList<string> Repositories() => [.. _images.Keys.Concat(_dockerImages.Keys).Order(StringComparer.Ordinal)];
}
