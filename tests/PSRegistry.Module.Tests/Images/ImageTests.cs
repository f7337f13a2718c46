using System.Management.Automation;
using System.Security.Cryptography;
using PSRegistry.Testing;

namespace PSRegistry.ModuleTests.Images;

public sealed class ImageTests : IAsyncLifetime
{
    private readonly Session _session = new();
    private readonly RealImages _images = new();
    private readonly Skopeo _skopeo = new();
    private TestRegistry _registry = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Registry => _registry.Server.Uri.Authority;

    public async ValueTask InitializeAsync()
    {
        _registry = await TestRegistry.StartAsync();
        await _skopeo.CopyAsync((await _images.MultiPlatformAsync()).Reference, $"docker://{Registry}/team/multi:v1", Token, "--all");
    }

    public async ValueTask DisposeAsync()
    {
        _session.Dispose();
        await _skopeo.DisposeAsync();
        await _images.DisposeAsync();
        await _registry.DisposeAsync();
    }

    [Fact]
    public void A_manifest_is_typed_and_keeps_its_bytes()
    {
        var manifest = Assert.Single(_session.Run($"Get-RegistryManifest {Registry}/team/multi:v1"));
        Assert.Equal("sha256:" + Convert.ToHexStringLower(SHA256.HashData((byte[])_session.Run($"(Get-RegistryManifest {Registry}/team/multi:v1).GetBytes()").Select(value => (byte)value.BaseObject).ToArray())), manifest.Get<string>("Digest"));
        Assert.Equal("application/vnd.oci.image.index.v1+json", manifest.Get<string>("MediaType"));
        Assert.Equal($"{Registry}/team/multi@{manifest.Get<string>("Digest")}", manifest.ToString());
        Assert.NotEmpty(manifest.Get<IEnumerable<object>>("Manifests"));
        Assert.Equal(manifest.ToString(), Assert.Single(_session.Run($"Get-RegistryManifest '{manifest}'")).ToString());
    }

    [Fact]
    public void An_image_is_described_for_each_of_its_platforms()
    {
        var images = _session.Run($"Get-RegistryTag {Registry}/team/multi | Get-RegistryImage");
        var platforms = images.Select(image => image.Get<string>("Platform")).ToList();
        Assert.True(platforms.Count > 1);
        Assert.All(platforms, platform => Assert.StartsWith("linux/", platform, StringComparison.Ordinal));
        Assert.All(images, image => Assert.NotEmpty(image.Get<IEnumerable<object>>("Layers")));
        Assert.All(images, image => Assert.Equal("v1", image.Get<string>("Tag")));
        Assert.Equal(platforms[0], Assert.Single(_session.Run($"Get-RegistryImage {Registry}/team/multi:v1 -Platform {platforms[0]}")).Get<string>("Platform"));
    }

    [Fact]
    public void Any_object_with_the_properties_of_an_image_names_it()
    {
        var digest = Assert.Single(_session.Run($"Get-RegistryManifest {Registry}/team/multi:v1")).Get<string>("Digest");
        Assert.Equal(digest, Assert.Single(_session.Run($"[pscustomobject]@{{ Registry = 'http://{Registry}'; Repository = 'team/multi'; Tag = 'v1' }} | Get-RegistryManifest")).Get<string>("Digest"));
        Assert.Equal(digest, Assert.Single(_session.Run($"'{Registry}/team/multi:v1' | Get-RegistryManifest")).Get<string>("Digest"));
    }

    [Fact]
    public async Task Referrers_are_listed_with_what_refers_to_them()
    {
        var subject = Assert.Single(_session.Run($"Get-RegistryManifest {Registry}/team/multi:v1")).Get<string>("Digest");
        var signature = await TinyImages.PushReferrerAsync(_registry.Http, "team/multi", subject, "application/vnd.example.signature", Token);
        await TinyImages.PushReferrerAsync(_registry.Http, "team/multi", signature.Digest, "application/vnd.example.attestation", Token);
        Assert.Equal(signature.Digest, Assert.Single(_session.Run($"Get-RegistryReferrer {Registry}/team/multi:v1")).Get<string>("Digest"));
        Assert.Equal(
            [(1, "application/vnd.example.signature"), (2, "application/vnd.example.attestation")],
            _session.Run($"Get-RegistryReferrer {Registry}/team/multi:v1 -Recurse").Select(found => (found.Get<int>("Depth"), found.Get<string>("ArtifactType"))));
        Assert.Single(_session.Run($"Get-RegistryReferrer {Registry}/team/multi:v1 -Recurse -ArtifactType *attestation"));
    }

    [Fact]
    public void A_new_tag_names_the_same_manifest()
    {
        Assert.Equal([$"{Registry}/team/multi:stable", $"{Registry}/team/multi:v2"], _session.Run($"Add-RegistryTag {Registry}/team/multi:v1 stable, v2").Texts());
        Assert.Single(_session.Run($"'v1', 'v2', 'stable' | ForEach-Object {{ (Get-RegistryManifest {Registry}/team/multi:$_).Digest }}").Texts().Distinct());
    }

    [Theory]
    [InlineData("Get-RegistryManifest R/team/multi:none", "RegistryImageNotFound", ErrorCategory.ObjectNotFound)]
    [InlineData("Get-RegistryImage R/none:v1", "RegistryImageNotFound", ErrorCategory.ObjectNotFound)]
    [InlineData("Get-RegistryImage R/NO:v1", "InvalidImageReference", ErrorCategory.InvalidArgument)]
    [InlineData("Add-RegistryTag R/team/multi v2", "ImageWithoutTag", ErrorCategory.InvalidArgument)]
    [InlineData("Add-RegistryTag R/team/multi:v1 no:tag", "InvalidTag", ErrorCategory.InvalidArgument)]
    [InlineData("Remove-RegistryImage R/team/multi", "ImageWithoutTag", ErrorCategory.InvalidArgument)]
    [InlineData("Remove-RegistryImage R/team/multi:none -Confirm:$false", "RegistryImageNotFound", ErrorCategory.ObjectNotFound)]
    [InlineData("Remove-RegistryTag R/team/multi:none", "RegistryImageNotFound", ErrorCategory.ObjectNotFound)]
    public void What_is_not_there_or_not_said_is_an_error(string script, string id, ErrorCategory category)
    {
        var error = _session.Fails(script.Replace("R/", $"{Registry}/", StringComparison.Ordinal));
        Assert.Equal(id, error.FullyQualifiedErrorId.Split(',')[0]);
        Assert.Equal(category, error.CategoryInfo.Category);
    }
}
