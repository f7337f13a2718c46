using System.IO.Compression;
using PSRegistry.Client.Tests.Exchange;
using PSRegistry.Client.Tests.Remote;
using PSRegistry.Oci;
using PSRegistry.Testing;

namespace PSRegistry.Client.Tests.Copying;

/// <summary>Archives that real programs made arrive in a registry as what they were.</summary>
public sealed class ArchivePublishTests(RealImages images)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("ours", false)]
    [InlineData("ours", true)]
    [InlineData("original", false)]
    public async Task A_docker_archive_keeps_its_configuration_and_plain_layers(string kind, bool compressed)
    {
        await using var folder = new TemporaryFolder();
        await using var registry = await AnyRegistry.StartAsync(kind);
        using var client = Clients.Of(registry.Address);
        var repository = client.GetRepository(Clients.Repository);
        var path = await images.DockerArchiveAsync(folder);
        path = compressed ? await GzipAsync(path) : path;
        await using var archive = await ImageArchive.OpenAsync(path, cancellationToken: Token);
        Assert.Equal(ArchiveKind.DockerArchive, archive.Kind);
        var image = Assert.Single(archive.Images);
        Assert.EndsWith("team/app:1.0", Assert.Single(image.Names), StringComparison.Ordinal);
        var copied = await new ImageCopier().PublishAsync(archive, image, repository, [Copies.V1], Token);
        var manifest = await repository.ManifestAsync();
        Assert.Equal(copied.Manifest.Digest, await repository.Tags.ResolveAsync(Copies.V1, Token));
        Assert.Equal(image.Id, manifest.Config!.Digest);
        var layer = Assert.Single(manifest.Layers);
        await using var plain = new GZipStream(new MemoryStream(await repository.ReadAsync(layer.Digest)), CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        await plain.CopyToAsync(bytes, Token);
        Assert.Equal(Assert.Single(image.Layers).DiffId, Digest.OfContent(bytes.ToArray()));
    }

    [Fact]
    public async Task A_layer_that_the_tag_has_already_is_not_sent_again()
    {
        await using var folder = new TemporaryFolder();
        await using var registry = await AnyRegistry.StartAsync("ours");
        using var client = Clients.Of(registry.Address);
        var path = await images.DockerArchiveAsync(folder);
        var first = await Copies.PublishAsync(path, client.GetRepository(Clients.Repository));
        var second = await Copies.PublishAsync(path, client.GetRepository(Clients.Repository));
        Assert.True(first.Sent > 0);
        Assert.Equal((0, first.Manifest), (second.Sent, second.Manifest));
    }

    [Theory]
    [InlineData("oci")]
    [InlineData("oci-archive")]
    [InlineData("oci-archive.gz")]
    public async Task An_OCI_layout_keeps_its_digests(string kind)
    {
        await using var folder = new TemporaryFolder();
        await using var registry = await AnyRegistry.StartAsync("ours");
        using var client = Clients.Of(registry.Address);
        var repository = client.GetRepository(Clients.Repository);
        var source = await images.MultiPlatformAsync();
        var path = source.Layout.Folder;
        if (kind != "oci")
        {
            await using var skopeo = new Skopeo();
            await skopeo.CopyAsync(source.Layout.Reference(RealImages.Tag), $"oci-archive:{folder["app.tar"]}:v1", Token, "--all");
            path = kind == "oci-archive" ? folder["app.tar"] : await GzipAsync(folder["app.tar"]);
        }
        var copied = await Copies.PublishAsync(path, repository);
        Assert.Equal(source.Manifest.Digest, copied.Manifest.Digest.ToString());
        Assert.Equal(source.Manifest.Digest, (await repository.Tags.ResolveAsync(Copies.V1, Token))!.ToString());
        foreach (var child in (await repository.ManifestAsync()).Manifests)
            Assert.NotNull(await repository.Manifests.GetAsync(child.Digest, Token));
    }

    [Theory]
    [InlineData("ours")]
    [InlineData("original")]
    public async Task An_upload_goes_on_where_the_connection_broke(string kind)
    {
        await using var folder = new TemporaryFolder();
        await using var registry = await AnyRegistry.StartAsync(kind);
        var path = await images.DockerArchiveAsync(folder);
        await using var proxy = BreakingProxy.Upward(registry.Address, 300_000, breaks: 2);
        using var client = Clients.Of(proxy.Address);
        var copied = await Copies.PublishAsync(path, client.GetRepository(Clients.Repository));
        Assert.Equal(0, proxy.BreaksLeft);
        Assert.Equal(copied.Manifest.Digest, await client.GetRepository(Clients.Repository).Tags.ResolveAsync(Copies.V1, Token));
    }

    [Fact]
    public async Task Layers_may_stay_plain()
    {
        await using var folder = new TemporaryFolder();
        await using var registry = await AnyRegistry.StartAsync("ours");
        using var client = Clients.Of(registry.Address);
        var repository = client.GetRepository(Clients.Repository);
        await using var archive = await ImageArchive.OpenAsync(await images.DockerArchiveAsync(folder), cancellationToken: Token);
        await new ImageCopier(new CopyOptions { Compression = LayerCompression.None }).PublishAsync(archive, archive.Images[0], repository, [Copies.V1], Token);
        Assert.Equal(archive.Images[0].Layers[0].DiffId, (await repository.ManifestAsync()).Layers[0].Digest);
    }

    [Fact]
    public async Task What_docker_saves_is_published_saved_and_loaded_again()
    {
        await using var folder = new TemporaryFolder();
        await using var docker = await Dockerd.StartAsync(Token);
        await using var registry = await AnyRegistry.StartAsync("ours");
        using var client = Clients.Of(registry.Address);
        var repository = client.GetRepository(Clients.Repository);
        (await docker.RunAsync(Token, "load", "-i", await images.DockerArchiveAsync(folder))).MustExitWith(0);
        (await docker.RunAsync(Token, "save", "-o", folder["saved.tar"], "team/app:1.0")).MustExitWith(0);
        var id = (await docker.RunAsync(Token, "image", "inspect", "-f", "{{.Id}}", "team/app:1.0")).MustExitWith(0).Output.Trim();
        var copied = await Copies.PublishAsync(folder["saved.tar"], repository);
        Assert.Equal(id, (await repository.ManifestAsync()).Config!.Digest.ToString());
        await using (var tar = File.Create(folder["again.tar"]))
        {
            await using var writer = DockerArchiveWriter.To(tar);
            await writer.AddAsync(repository, copied.Manifest.Digest, ["team/again:2.0", "team/again:latest"], cancellationToken: Token);
            await writer.FinishAsync(Token);
        }
        (await docker.RunAsync(Token, "rmi", "team/app:1.0")).MustExitWith(0);
        (await docker.RunAsync(Token, "load", "-i", folder["again.tar"])).MustExitWith(0);
        Assert.Equal(id, (await docker.RunAsync(Token, "image", "inspect", "-f", "{{.Id}}", "team/again:2.0")).MustExitWith(0).Output.Trim());
    }

    private static async Task<string> GzipAsync(string path)
    {
        await using var from = File.OpenRead(path);
        await using var to = new GZipStream(File.Create(path + ".gz"), CompressionLevel.Fastest);
        await from.CopyToAsync(to, Token);
        return path + ".gz";
    }
}
