using PSRegistry.Oci;
using PSRegistry.Testing;

namespace PSRegistry.Client.Tests.Copying;

/// <summary>What a registry has already is found without compressing it again.</summary>
public sealed class RepublishTests(RealImages images) : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private TestRegistry _registry = null!;
    private RegistryClient _client = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static Tag V2 { get; } = Tag.Parse("v2");

    private RemoteRepository App => _client.GetRepository(Clients.Repository);

    private RemoteRepository Other => _client.GetRepository(RepositoryName.Parse("other/app"));

    public async ValueTask InitializeAsync()
    {
        _registry = await TestRegistry.StartAsync();
        _client = Clients.Of(_registry.Http.Address);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _registry.DisposeAsync();
        await _folder.DisposeAsync();
    }

    [Fact]
    public async Task An_unchanged_image_is_left_as_it_is()
    {
        var path = await images.DockerArchiveAsync(_folder);
        var first = await Copies.PublishAsync(path, App);
        // A request is logged once its answer is out, so that the last one may be late.
        while (!Requests().Exists(line => line.Contains("method=PUT", StringComparison.Ordinal) && line.Contains("/manifests/", StringComparison.Ordinal)))
            await Task.Delay(10, Token);
        var requests = Requests().Count;
        var second = await Copies.PublishAsync(path, App);
        Assert.Equal((first.Manifest, first.Size, 0), (second.Manifest, second.Size, second.Sent));
        while (Requests().Count < requests + 3)
            await Task.Delay(10, Token);
        var again = Requests().Skip(requests).ToList();
        // The manifest, the layer and the config are asked for, and nothing else.
        Assert.Equal(3, again.Count);
        Assert.DoesNotContain(again, line => line.Contains("method=PUT", StringComparison.Ordinal) || line.Contains("method=POST", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_new_tag_takes_the_layers_of_the_others()
    {
        await Copies.PublishAsync(await ArchiveAsync("amd64"), App);
        var copied = await Copies.PublishAsync(await ArchiveAsync("arm64"), App, tag: V2);
        Assert.Equal(0, copied.Sent);
        Assert.NotEqual((await App.ManifestAsync()).Config!.Digest, (await App.ManifestAsync(V2)).Config!.Digest);
        Assert.Equal((await App.ManifestAsync()).Layers, (await App.ManifestAsync(V2)).Layers);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Layers_that_were_published_before_are_mounted(bool fromArchive)
    {
        var options = new CopyOptions { Published = new PublishedContent() };
        var path = fromArchive ? null : (await images.MultiPlatformAsync()).Layout.Folder;
        var first = await Copies.PublishAsync(path ?? await ArchiveAsync("amd64"), App, options);
        var second = await Copies.PublishAsync(path ?? await ArchiveAsync("arm64"), Other, options);
        Assert.True(first.Sent > 0);
        Assert.Equal(0, second.Sent);
        Assert.NotEqual(0, second.Mounted);
    }

    [Fact]
    public async Task Layers_are_mounted_from_a_repository_that_is_named()
    {
        await Copies.PublishAsync(await ArchiveAsync("amd64"), Other);
        var copied = await Copies.PublishAsync(await ArchiveAsync("arm64"), App, new CopyOptions { MountFrom = Other.Name });
        Assert.Equal((0, 1), (copied.Sent, copied.Mounted));
        Assert.NotNull(await App.Blobs.GetSizeAsync((await App.ManifestAsync()).Layers[0].Digest, Token));
    }

    [Fact]
    public async Task Layers_of_another_compression_are_not_the_same()
    {
        var path = await images.DockerArchiveAsync(_folder);
        await Copies.PublishAsync(path, App);
        var plain = await Copies.PublishAsync(path, App, new CopyOptions { Compression = LayerCompression.None });
        Assert.True(plain.Sent > 0);
        Assert.Equal(plain.Manifest.Digest, await App.Tags.ResolveAsync(Copies.V1, Token));
    }

    [Theory]
    [InlineData("v2s2")]
    [InlineData("oci")]
    public async Task An_image_that_another_client_pushed_keeps_its_digest(string format)
    {
        var path = await images.DockerArchiveAsync(_folder);
        await using var skopeo = new Skopeo();
        await skopeo.CopyAsync($"docker-archive:{path}", $"docker://{_registry.Http.Address.Authority}/{App.Name}:v1", Token, "--format", format);
        var theirs = await App.Tags.ResolveAsync(Copies.V1, Token);
        var copied = await Copies.PublishAsync(path, App);
        Assert.Equal((theirs, 0), (copied.Manifest.Digest, copied.Sent));
        await using var archive = await ImageArchive.OpenAsync(path, cancellationToken: Token);
        await new ImageCopier().PublishAsync(archive, archive.Images[0], App, [Copies.V1, V2], Token);
        Assert.Equal(theirs, await App.Tags.ResolveAsync(V2, Token));
    }

    [Fact]
    public async Task A_layer_that_the_registry_lost_is_sent_again()
    {
        var path = await images.DockerArchiveAsync(_folder);
        var first = await Copies.PublishAsync(path, App);
        var layer = (await App.ManifestAsync()).Layers[0];
        Assert.True(await App.Blobs.DeleteAsync(layer.Digest, Token));
        var second = await Copies.PublishAsync(path, App);
        Assert.Equal((first.Manifest.Digest, layer.Size), (second.Manifest.Digest, second.Sent));
        Assert.Equal(layer.Size, await App.Blobs.GetSizeAsync(layer.Digest, Token));
    }

    [Fact]
    public async Task A_layout_tells_its_size_and_platforms_also_where_nothing_is_sent()
    {
        var path = (await images.MultiPlatformAsync()).Layout.Folder;
        var first = await Copies.PublishAsync(path, App);
        var second = await Copies.PublishAsync(path, App);
        Assert.Equal((first.Size, 0), (second.Size, second.Sent));
        Assert.Equal(["linux/amd64", "linux/arm64"], second.Platforms.Select(platform => platform.ToString()));
        var one = await Copies.PublishAsync(path, App, new CopyOptions { Platforms = ["linux/arm64"] }, V2);
        Assert.Equal("linux/arm64", Assert.Single(one.Platforms).ToString());
        Assert.InRange(one.Size, 1, first.Size - 1);
    }

    [Fact]
    public async Task An_archive_for_another_platform_is_refused()
    {
        var path = await ArchiveAsync("arm64");
        var fault = await Assert.ThrowsAsync<ArchiveException>(() => Copies.PublishAsync(path, App, new CopyOptions { Platforms = ["linux/s390x"] }));
        Assert.Equal(ArchiveFailure.NoSuchPlatform, fault.Failure);
        Assert.Contains("linux/arm64", fault.Message, StringComparison.Ordinal);
        Assert.Null(await App.Tags.ResolveAsync(Copies.V1, Token));
    }

    /// <summary>One of two images that share their layer and differ in their configuration.</summary>
    private async Task<string> ArchiveAsync(string architecture)
    {
        await using var skopeo = new Skopeo();
        var image = await images.MultiPlatformAsync();
        var path = _folder[architecture + ".tar"];
        await skopeo.CopyAsync(image.Layout.Reference(RealImages.Tag), $"docker-archive:{path}:team/app:{architecture}", Token, "--override-arch", architecture);
        return path;
    }

    private List<string> Requests() => [.. _registry.LogLines.Where(line => line.Contains("http.request.method=", StringComparison.Ordinal))];
}
