using System.Formats.Tar;
using System.Text;
using PSRegistry.Client.Tests.Remote;
using PSRegistry.Oci;
using PSRegistry.Testing;

namespace PSRegistry.Client.Tests.Archives;

/// <summary>Archives that hope for a careless reader are refused, with the entry that is wrong.</summary>
public sealed class MaliciousArchiveTests
{
    private static readonly byte[] Layer = new byte[1024];

    private static readonly Digest DiffId = Digest.OfContent(Layer);

    private static readonly string Config = $$"""{"rootfs":{"type":"layers","diff_ids":["{{DiffId}}"] } }""";

    private const string ManifestJson = """[{"Config":"config.json","RepoTags":["app:1"],"Layers":["layer.tar"]}]""";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("../evil")]
    [InlineData("a/../../evil")]
    [InlineData("/etc/passwd")]
    [InlineData("..\\evil")]
    public Task A_path_that_climbs_is_refused(string path) =>
        RefusedAsync("leads out of it", path, tar => tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, path)));

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("../../etc/passwd")]
    public Task A_link_out_of_the_archive_is_refused(string target) => RefusedAsync(
        "a link that leads out of it", "layer2.tar", tar => tar.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, "layer2.tar") { LinkName = target }));

    [Fact]
    public Task A_hard_link_out_of_the_archive_is_refused() => RefusedAsync(
        "a link that leads out of it", "layer2.tar", tar => tar.WriteEntry(new PaxTarEntry(TarEntryType.HardLink, "layer2.tar") { LinkName = "/etc/passwd" }));

    [Fact]
    public Task A_device_is_refused() =>
        RefusedAsync("CharacterDevice", "null", tar => tar.WriteEntry(new PaxTarEntry(TarEntryType.CharacterDevice, "null") { DeviceMajor = 1, DeviceMinor = 3 }));

    [Fact]
    public Task A_name_that_comes_twice_is_refused() => RefusedAsync("twice", "manifest.json", tar => Add(tar, "./manifest.json", "[]"));

    [Fact]
    public async Task A_link_inside_the_archive_is_followed_and_a_circle_is_not()
    {
        await using var folder = new TemporaryFolder();
        var path = Write(folder, tar =>
        {
            Add(tar, "config.json", Config);
            Add(tar, "base/layer.tar", Layer);
            tar.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, "top/layer.tar") { LinkName = "../base/layer.tar" });
            Add(tar, "manifest.json", ManifestJson.Replace("layer.tar", "top/layer.tar", StringComparison.Ordinal));
        });
        await using (var archive = await ImageArchive.OpenAsync(path, cancellationToken: Token))
            Assert.Equal("base/layer.tar", archive.Images[0].Layers[0].File.Path);
        path = Write(folder, tar =>
        {
            tar.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, "layer.tar") { LinkName = "other" });
            tar.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, "other") { LinkName = "layer.tar" });
            Add(tar, "config.json", Config);
            Add(tar, "manifest.json", ManifestJson);
        });
        Assert.Contains("circle", (await FailsAsync(path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("manifest.json")]
    [InlineData("config.json")]
    public async Task A_document_without_end_is_refused(string name)
    {
        await using var folder = new TemporaryFolder();
        var path = Write(folder, tar =>
        {
            Add(tar, "layer.tar", Layer);
            Add(tar, "config.json", name == "config.json" ? new string(' ', 9_000_000) : Config);
            Add(tar, "manifest.json", name == "manifest.json" ? new string(' ', 9_000_000) : ManifestJson);
        });
        var fault = await FailsAsync(path);
        Assert.Contains(name, fault.Message, StringComparison.Ordinal);
        Assert.Contains("8 MiB", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}", "manifest.json")]
    [InlineData("[{}]", "manifest.json")]
    [InlineData("[", "manifest.json")]
    [InlineData("""[{"Config":"missing.json","Layers":[]}]""", "missing.json")]
    [InlineData("""[{"Config":"config.json","Layers":[]}]""", "0 layers")]
    [InlineData("""[{"Config":"../config.json","Layers":[]}]""", "outside")]
    public async Task A_manifest_that_makes_no_sense_is_named(string manifest, string named)
    {
        await using var folder = new TemporaryFolder();
        var path = Write(folder, tar =>
        {
            Add(tar, "config.json", Config);
            Add(tar, "layer.tar", Layer);
            Add(tar, "manifest.json", manifest);
        });
        Assert.Contains(named, (await FailsAsync(path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("not a tar at all, but long enough to look at")]
    [InlineData("")]
    public async Task What_is_no_archive_is_told(string content)
    {
        await using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder["x.tar"], content, Token);
        Assert.Contains(folder["x.tar"], (await FailsAsync(folder["x.tar"])).Message, StringComparison.Ordinal);
        await FailsAsync(folder["missing.tar"]);
    }

    [Fact]
    public async Task A_compression_that_cannot_be_undone_is_named()
    {
        await using var folder = new TemporaryFolder();
        await File.WriteAllBytesAsync(folder["x.tar.zst"], [0x28, 0xb5, 0x2f, 0xfd, 0, 0, 0, 0], Token);
        Assert.Contains("Zstd", (await FailsAsync(folder["x.tar.zst"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_layer_that_is_not_what_the_configuration_says_is_refused_and_no_manifest_pushed()
    {
        await using var folder = new TemporaryFolder();
        await using var registry = await AnyRegistry.StartAsync("ours");
        using var client = Clients.Of(registry.Address);
        var path = Write(folder, tar =>
        {
            Add(tar, "config.json", Config);
            Add(tar, "layer.tar", [.. Layer.AsSpan(1), 1]);
            Add(tar, "manifest.json", ManifestJson);
        });
        var fault = await Assert.ThrowsAsync<ArchiveException>(
            () => Copying.Copies.PublishAsync(path, client.GetRepository(Clients.Repository)));
        Assert.Contains("layer.tar", fault.Message, StringComparison.Ordinal);
        Assert.Contains(DiffId.ToString(), fault.Message, StringComparison.Ordinal);
        Assert.Null(await client.GetRepository(Clients.Repository).Tags.ResolveAsync(Copying.Copies.V1, Token));
    }

    [Fact]
    public async Task A_blob_of_a_layout_that_is_not_what_its_name_says_is_refused()
    {
        await using var folder = new TemporaryFolder();
        var layout = ImageLayout.Create(folder["layout"]);
        var image = layout.AddImage("amd64", layout.AddLayer([new PaxTarEntry(TarEntryType.Directory, "a")]));
        layout.Tag("v1", image);
        await File.WriteAllTextAsync(layout.PathOf(image), "{}", Token);
        var fault = await FailsAsync(folder["layout"]);
        Assert.Contains(image.Hex, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_out_of_a_layout_is_refused()
    {
        await using var folder = new TemporaryFolder();
        var layout = ImageLayout.Create(folder["layout"]);
        layout.Tag("v1", layout.AddImage("amd64"));
        File.Move(folder["layout", "index.json"], folder["index.json"]);
        File.CreateSymbolicLink(folder["layout", "index.json"], folder["index.json"]);
        Assert.Contains("leads out of the folder", (await FailsAsync(folder["layout"])).Message, StringComparison.Ordinal);
    }

    private static async Task RefusedAsync(string why, string entry, Action<TarWriter> add)
    {
        await using var folder = new TemporaryFolder();
        var path = Write(folder, tar =>
        {
            Add(tar, "config.json", Config);
            Add(tar, "layer.tar", Layer);
            Add(tar, "manifest.json", ManifestJson);
            add(tar);
        });
        var fault = await FailsAsync(path);
        Assert.Contains(why, fault.Message, StringComparison.Ordinal);
        Assert.Contains(entry, fault.Message, StringComparison.Ordinal);
        Assert.Contains(path, fault.Message, StringComparison.Ordinal);
    }

    private static Task<ArchiveException> FailsAsync(string path) =>
        Assert.ThrowsAsync<ArchiveException>(async () => await ImageArchive.OpenAsync(path, cancellationToken: Token));

    private static string Write(TemporaryFolder folder, Action<TarWriter> write)
    {
        using var tar = new TarWriter(File.Create(folder["app.tar"]));
        write(tar);
        return folder["app.tar"];
    }

    private static void Add(TarWriter tar, string path, string text) => Add(tar, path, Encoding.UTF8.GetBytes(text));

    private static void Add(TarWriter tar, string path, byte[] content) =>
        tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, path) { DataStream = new MemoryStream(content) });
}
