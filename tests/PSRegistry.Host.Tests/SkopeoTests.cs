using System.Net;
using PSRegistry.Testing;

namespace PSRegistry.Host.Tests;

/// <summary>Images of real files, pushed, pulled, copied and deleted by a real client.</summary>
public sealed class SkopeoTests(ServedRegistry served, RealImages images) : IClassFixture<ServedRegistry>, IAsyncDisposable
{
    private readonly Skopeo _skopeo = new();
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _skopeo.DisposeAsync();
        await _folder.DisposeAsync();
    }

    [Fact]
    public async Task An_image_comes_back_byte_for_byte_by_tag_and_by_digest()
    {
        var busybox = await images.BusyboxAsync();
        await MustComeBackAsync(busybox, "oci/busybox");
        await MustPullAsync(busybox, Image($"oci/busybox@{busybox.Manifest.Digest}"));
    }

    [Fact]
    public async Task An_image_of_some_hundred_megabytes_comes_back_byte_for_byte()
    {
        var big = await images.BigAsync();
        Assert.True(big.Layout.Size > 200 << 20, $"only {big.Layout.Size} bytes of real files were found");
        await MustComeBackAsync(big, "oci/big");
    }

    [Fact]
    public async Task An_index_of_several_platforms_comes_back_with_all_of_them() =>
        await MustComeBackAsync(await images.MultiPlatformAsync(), "oci/multi");

    [Fact]
    public async Task An_artifact_comes_back_byte_for_byte() => await MustComeBackAsync(await images.ArtifactAsync(), "oci/artifact");

    [Fact]
    public async Task A_repository_may_be_named_like_the_routes() =>
        await MustComeBackAsync(await images.BusyboxAsync(), "a/blobs/uploads/tags/list/manifests");

    [Fact]
    public async Task A_docker_image_comes_back_byte_for_byte()
    {
        var busybox = await images.BusyboxAsync();
        await MustComeBackAsync(DockerImageFolder.FromImage(busybox.Layout, busybox.Manifest, _folder["image"]), "docker/busybox");
    }

    [Fact]
    public async Task A_docker_manifest_list_comes_back_with_all_of_its_images()
    {
        var multi = await images.MultiPlatformAsync();
        await MustComeBackAsync(DockerImageFolder.FromIndex(multi.Layout, multi.Manifest, _folder["list"]), "docker/multi");
    }

    [Fact]
    public async Task A_docker_archive_is_pushed_and_saved_again()
    {
        var busybox = await images.BusyboxAsync();
        var (first, second) = (_folder["first.tar"], _folder["second.tar"]);
        await _skopeo.CopyAsync(busybox.Reference, $"docker-archive:{first}:example/busybox:v1", Token);
        await _skopeo.CopyAsync($"docker-archive:{first}", Image("docker/archive:v1"), Token);
        await _skopeo.CopyAsync(Image("docker/archive:v1"), $"docker-archive:{second}:example/busybox:v1", Token);
        Assert.Equal(await File.ReadAllBytesAsync(first, Token), await File.ReadAllBytesAsync(second, Token));
    }

    [Theory]
    [InlineData("v2s2", ImageMediaTypes.DockerManifest)]
    [InlineData("oci", ImageMediaTypes.OciManifest)]
    public async Task An_image_converted_while_pushed_is_kept_as_the_client_made_it(string format, string mediaType)
    {
        var image = Image($"converted/{format}:v1");
        await _skopeo.CopyAsync((await images.BusyboxAsync()).Reference, image, Token, "--format", format);
        var manifest = await _skopeo.InspectRawAsync(image, Token);
        var answer = await served.Process.Http.GetManifestAsync($"converted/{format}", RealImages.Tag, Token);
        Assert.Equal(manifest, answer.Body);
        Assert.Equal(mediaType, answer.Header("Content-Type"));
        Assert.Equal(ContentDescriptor.DigestOf(manifest), answer.Digest);
    }

    [Fact]
    public async Task An_index_is_copied_from_repository_to_repository_and_on_to_another_registry()
    {
        var multi = await images.MultiPlatformAsync();
        await using var data = new TemporaryFolder();
        await using var other = await PSRegistryProgram.StartAsync(new RegistrySettings { DataFolder = data.Path }, Token);
        var elsewhere = $"docker://{other.Authority}/copied/there:v1";

        await _skopeo.CopyAsync(multi.Reference, Image("copied/from:v1"), Token, "--all", "--preserve-digests");
        await _skopeo.CopyAsync(Image("copied/from:v1"), Image("copied/to:v1"), Token, "--all", "--preserve-digests");
        await _skopeo.CopyAsync(Image("copied/to:v1"), elsewhere, Token, "--all", "--preserve-digests");

        Assert.Equal(multi.Layout.Read(multi.Manifest), await _skopeo.InspectRawAsync(elsewhere, Token));
        await MustPullAsync(multi, elsewhere);
    }

    [Fact]
    public async Task A_deleted_image_is_gone_with_its_tags_and_can_be_pushed_again()
    {
        var busybox = await images.BusyboxAsync();
        await _skopeo.CopyAsync(busybox.Reference, Image("deleted:v1"), Token);
        await _skopeo.CopyAsync(busybox.Reference, Image("deleted:v2"), Token);

        await _skopeo.DeleteAsync(Image("deleted:v1"), Token);

        var http = served.Process.Http;
        (await http.GetManifestAsync("deleted", busybox.Manifest.Digest, Token)).MustBe(HttpStatusCode.NotFound);
        (await http.GetManifestAsync("deleted", "v1", Token)).MustBe(HttpStatusCode.NotFound);
        (await http.GetManifestAsync("deleted", "v2", Token)).MustBe(HttpStatusCode.NotFound);
        Assert.Empty(await http.ListTagsAsync("deleted", Token));
        await MustComeBackAsync(busybox, "deleted");
    }

    [Fact]
    public async Task Tags_are_listed()
    {
        var busybox = await images.BusyboxAsync();
        string[] tags = ["v1", "v10", "Latest", "latest", "ends-in."];
        foreach (var tag in tags)
        {
            await _skopeo.CopyAsync(busybox.Reference, Image($"tagged:{tag}"), Token);
        }

        Assert.Equal(tags.Order(StringComparer.Ordinal), await _skopeo.ListTagsAsync(Image("tagged"), Token));
    }

    private string Image(string name) => $"docker://{served.Process.Authority}/{name}";

    private async Task MustComeBackAsync(RealImage image, string repository)
    {
        var name = Image($"{repository}:{RealImages.Tag}");
        await _skopeo.CopyAsync(image.Reference, name, Token, "--all", "--preserve-digests");
        Assert.Equal(image.Layout.Read(image.Manifest), await _skopeo.InspectRawAsync(name, Token));
        await MustPullAsync(image, name);
    }

    private async Task MustPullAsync(RealImage image, string name)
    {
        await using var pulled = new TemporaryFolder();
        await _skopeo.CopyAsync(name, $"oci:{pulled}:v1", Token, "--all", "--preserve-digests");
        Assert.Equal(image.Layout.HashBlobs(), ImageLayout.Open(pulled.Path).HashBlobs());
    }

    private async Task MustComeBackAsync(DockerImageFolder image, string repository)
    {
        var name = Image($"{repository}:{RealImages.Tag}");
        await _skopeo.CopyAsync(image.Reference, name, Token, "--all", "--preserve-digests");
        Assert.Equal(image.Manifest, await _skopeo.InspectRawAsync(name, Token));
        await using var pulled = new TemporaryFolder();
        await _skopeo.CopyAsync(name, $"dir:{pulled}", Token, "--all", "--preserve-digests");
        Assert.Equal(image.HashFiles(), DockerImageFolder.Open(pulled.Path).HashFiles());
    }
}
