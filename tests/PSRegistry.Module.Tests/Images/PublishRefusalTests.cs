using System.Formats.Tar;
using System.Management.Automation;
using System.Text;
using PSRegistry.Testing;

namespace PSRegistry.ModuleTests.Images;

/// <summary>What cannot be published is told by an error of its own, and what can be is.</summary>
public sealed class PublishRefusalTests : IAsyncLifetime
{
    private readonly Session _session = new();
    private readonly TemporaryFolder _folder = new();
    private TestRegistry _registry = null!;

    private static byte[] Layer { get; } = TestBytes.Make(3000);

    private string Registry => _registry.Server.Uri.Authority;

    public async ValueTask InitializeAsync()
    {
        _registry = await TestRegistry.StartAsync();
        TinyArchive.Write(_folder["good.tar"], Layer, "good:1");
    }

    public async ValueTask DisposeAsync()
    {
        _session.Dispose();
        await _registry.DisposeAsync();
        await _folder.DisposeAsync();
    }

    [Theory]
    [InlineData("missing.tar", "ImageArchiveNotFound", ErrorCategory.ObjectNotFound, "missing.tar")]
    [InlineData("none*.tar", "ImageArchiveNotFound", ErrorCategory.ObjectNotFound, "none*.tar")]
    [InlineData("text.tar", "ImageArchiveUnusable", ErrorCategory.InvalidData, "no archive of images")]
    [InlineData("empty", "ImageArchiveUnusable", ErrorCategory.InvalidData, "no archive of images")]
    [InlineData("climbing.tar", "ImageArchiveUnusable", ErrorCategory.InvalidData, "../../etc/passwd")]
    [InlineData("short.tar", "ImageArchiveUnusable", ErrorCategory.InvalidData, "damaged")]
    [InlineData("damaged.tar", "ImageArchiveUnusable", ErrorCategory.InvalidData, "0/layer.tar")]
    [InlineData("damaged.tar.zst", "ImageArchiveUnusable", ErrorCategory.InvalidData, "damaged")]
    [InlineData("nameless.tar", "ImageWithoutName", ErrorCategory.InvalidArgument, "-Repository and -Tag")]
    [InlineData("nameless.tar -Repository app", "ImageWithoutName", ErrorCategory.InvalidArgument, "-Tag")]
    [InlineData("odd.tar", "ImageWithoutName", ErrorCategory.InvalidArgument, "Team/App:1")]
    [InlineData("layout", "ImageWithoutName", ErrorCategory.InvalidArgument, "-Repository")]
    [InlineData("two.tar -Repository app -Tag 1", "SameImageName", ErrorCategory.InvalidArgument, "app:1")]
    [InlineData("good.tar -Repository No", "InvalidRepositoryName", ErrorCategory.InvalidArgument, "No")]
    [InlineData("good.tar -Tag no:tag", "InvalidTag", ErrorCategory.InvalidArgument, "no:tag")]
    [InlineData("good.tar -Platform plan9/386", "ImagePlatformNotFound", ErrorCategory.ObjectNotFound, "linux/amd64")]
    [InlineData("layout -Repository app -Platform plan9/386", "ImagePlatformNotFound", ErrorCategory.ObjectNotFound, "linux/arm64")]
    public void What_cannot_be_published_is_told_and_leaves_no_tag(string arguments, string id, ErrorCategory category, string said)
    {
        WriteBad();
        var error = _session.Fails($"Publish-RegistryImage -Registry {Registry} {_folder}/{arguments}");
        Assert.Equal((id, category), (error.FullyQualifiedErrorId.Split(',')[0], error.CategoryInfo.Category));
        Assert.Contains(said, error.ToString(), StringComparison.Ordinal);
        Assert.NotNull(error.TargetObject);
        Assert.Empty(_session.Run($"Get-RegistryCatalog -Registry {Registry} | Get-RegistryTag"));
    }

    [Theory]
    [InlineData("-MountFrom No", "InvalidRepositoryName")]
    [InlineData("-Registry 10.1", "InvalidRegistryAddress")]
    public void A_word_that_makes_no_sense_is_told(string arguments, string id) =>
        Assert.Equal(id, _session.Fails($"Publish-RegistryImage {_folder}/good.tar {arguments}").FullyQualifiedErrorId.Split(',')[0]);

    [Fact]
    public void A_path_of_another_provider_is_told() =>
        Assert.Equal("ImageArchiveNotFound", _session.Fails($"Publish-RegistryImage Env:/PATH -Registry {Registry}").FullyQualifiedErrorId.Split(',')[0]);

    [Fact]
    public void The_others_go_on()
    {
        WriteBad();
        var (published, errors, _) = _session.RunWithErrors($"'short.tar', 'good.tar', 'nameless.tar' | ForEach-Object {{ '{_folder}/' + $_ }} | Publish-RegistryImage -Registry {Registry}");
        Assert.Equal([$"{Registry}/good:1"], published.Texts());
        Assert.Equal([_folder["short.tar"], _folder["nameless.tar"]], errors.Select(error => error.TargetObject));
    }

    [Fact]
    public void The_other_images_of_an_archive_go_on()
    {
        var path = TinyArchive.Write(_folder["mixed.tar"], new TinyArchiveImage(Layer), new TinyArchiveImage(TestBytes.Make(10), "app:1"));
        var (published, errors, _) = _session.RunWithErrors($"Publish-RegistryImage {path} -Registry {Registry}");
        Assert.Equal([$"{Registry}/app:1"], published.Texts());
        Assert.Equal("ImageWithoutName", Assert.Single(errors).FullyQualifiedErrorId.Split(',')[0]);
    }

    [Fact]
    public void A_name_is_not_given_to_a_second_image_of_the_same_command()
    {
        TinyArchive.Write(_folder["other.tar"], TestBytes.Make(10), "good:1");
        var (published, errors, _) = _session.RunWithErrors($"Publish-RegistryImage {_folder}/good.tar, {_folder}/other.tar, {_folder}/good.tar -Registry {Registry}");
        Assert.Equal([$"{Registry}/good:1", $"{Registry}/good:1"], published.Texts());
        var error = Assert.Single(errors);
        Assert.Equal("SameImageName", error.FullyQualifiedErrorId.Split(',')[0]);
        Assert.Contains("good.tar", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_registry_that_is_not_there_is_told_for_each_image()
    {
        var port = FreePort.Next();
        var error = _session.Fails($"Publish-RegistryImage {_folder}/good.tar -Registry 127.0.0.1:{port}");
        Assert.Equal("RegistryUnreachable", error.FullyQualifiedErrorId.Split(',')[0]);
        Assert.Equal($"127.0.0.1:{port}/good:1", error.TargetObject);
    }

    private void WriteBad()
    {
        File.WriteAllText(_folder["text.tar"], new string('x', 2000));
        Directory.CreateDirectory(_folder["empty"]);
        using (var tar = new TarWriter(File.Create(_folder["climbing.tar"])))
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "../../etc/passwd") { DataStream = new MemoryStream(Encoding.UTF8.GetBytes("x")) });
        TinyArchive.Write(_folder["nameless.tar"], Layer);
        TinyArchive.Write(_folder["odd.tar"], Layer, "Team/App:1");
        TinyArchive.Write(_folder["damaged.tar"], new TinyArchiveImage(Layer, "app:1") { StoredLayer = TestBytes.Make(3000, seed: 2) });
        TinyArchive.Write(_folder["two.tar"], new TinyArchiveImage(Layer, "a:1"), new TinyArchiveImage(TestBytes.Make(10), "b:1"));
        File.WriteAllBytes(_folder["short.tar"], File.ReadAllBytes(_folder["good.tar"])[..2000]);
        File.WriteAllBytes(_folder["damaged.tar.zst"], [0x28, 0xb5, 0x2f, 0xfd, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
        var layout = ImageLayout.Create(_folder["layout"]);
        layout.Tag("v1", layout.AddImage("arm64", layout.AddLayer([new PaxTarEntry(TarEntryType.Directory, "a")])));
    }
}
