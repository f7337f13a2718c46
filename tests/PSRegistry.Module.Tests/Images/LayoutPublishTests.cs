using PSRegistry.Testing;

namespace PSRegistry.ModuleTests.Images;

/// <summary>Layouts that real programs made keep their digests.</summary>
public sealed class LayoutPublishTests : IAsyncLifetime
{
    private readonly Session _session = new();
    private readonly RealImages _images = new();
    private readonly TemporaryFolder _folder = new();
    private readonly Skopeo _skopeo = new();
    private TestRegistry _registry = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Registry => _registry.Server.Uri.Authority;

    public async ValueTask InitializeAsync() => _registry = await TestRegistry.StartAsync();

    public async ValueTask DisposeAsync()
    {
        _session.Dispose();
        await _registry.DisposeAsync();
        await _skopeo.DisposeAsync();
        await _folder.DisposeAsync();
        await _images.DisposeAsync();
    }

    [Theory]
    [InlineData("oci", "layout")]
    [InlineData("oci-archive", "layout.tar")]
    public async Task All_platforms_of_a_layout_go_with_their_digests(string kind, string name)
    {
        var image = await _images.MultiPlatformAsync();
        await _skopeo.CopyAsync(image.Reference, $"{kind}:{_folder[name]}:registry.example/team/multi:v1", Token, "--all");
        var published = Assert.Single(_session.Run($"Publish-RegistryImage {_folder[name]} -Registry {Registry}"));
        Assert.Equal($"{Registry}/team/multi:v1", published.ToString());
        Assert.Equal(image.Manifest.Digest, published.Get<string>("Digest"));
        Assert.Equal(["linux/amd64", "linux/arm64"], published.Get<IReadOnlyList<string>>("Platforms"));
        Assert.Equal(2, _session.Run($"Get-RegistryImage '{published}'").Count);
        Assert.Equal(await _skopeo.InspectRawAsync($"{kind}:{_folder[name]}:registry.example/team/multi:v1", Token), await _skopeo.InspectRawAsync($"docker://{published}", Token));
    }

    [Fact]
    public async Task One_platform_goes_as_an_image_of_its_own()
    {
        var image = await _images.MultiPlatformAsync();
        var published = Assert.Single(_session.Run($"Publish-RegistryImage {image.Layout.Folder} -Repository team/arm -Platform linux/arm64 -Registry {Registry}"));
        Assert.Equal(["linux/arm64"], published.Get<IReadOnlyList<string>>("Platforms"));
        Assert.Equal(["linux/arm64"], _session.Run($"Get-RegistryImage '{published}' | ForEach-Object Platform").Texts());
    }

    [Fact]
    public async Task What_umoci_made_goes_as_it_is()
    {
        var umoci = new Umoci();
        await umoci.RunAsync(Token, "init", "--layout", _folder["layout"]);
        await umoci.RunAsync(Token, "new", "--image", _folder["layout"] + ":1.0");
        await umoci.RunAsync(Token, "insert", "--image", _folder["layout"] + ":1.0", Peer.Require("busybox"), "/bin/busybox");
        await umoci.RunAsync(Token, "tag", "--image", _folder["layout"] + ":1.0", "latest");
        var published = _session.Run($"Publish-RegistryImage {_folder["layout"]} -Repository team/busybox -Registry {Registry}");
        Assert.Equal([$"{Registry}/team/busybox:1.0", $"{Registry}/team/busybox:latest"], published.Texts().Order(StringComparer.Ordinal));
        Assert.Equal(await _skopeo.InspectRawAsync($"oci:{_folder["layout"]}:1.0", Token), await _skopeo.InspectRawAsync($"docker://{published[0]}", Token));
    }
}
