using PSRegistry.Client.Tests.Copying;
using PSRegistry.Client.Tests.Remote;
using PSRegistry.Testing;

namespace PSRegistry.Client.Tests.Archives;

/// <summary>What comes as a stream is read where it stands: once for what is in it, and once for the content.</summary>
public sealed class StreamedArchiveTests(RealImages images)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("docker-archive")]
    [InlineData("oci-archive")]
    public async Task An_archive_is_streamed_twice_and_no_more(string kind)
    {
        await using var folder = new TemporaryFolder();
        await using var registry = await AnyRegistry.StartAsync("ours");
        using var client = Clients.Of(registry.Address);
        var layout = (await images.BigAsync()).Layout;
        await using var skopeo = new Skopeo();
        await skopeo.CopyAsync(layout.Reference(RealImages.Tag), $"{kind}:{folder["big.tar"]}:app:v1", Token);
        var opened = 0;
        await using var archive = await ImageArchive.OpenAsync("big", Open, cancellationToken: Token);
        var copied = await new ImageCopier().PublishAsync(archive, archive.Images[0], client.GetRepository(Clients.Repository), [Copies.V1], Token);
        Assert.Equal(copied.Manifest.Digest, await client.GetRepository(Clients.Repository).Tags.ResolveAsync(Copies.V1, Token));
        Assert.Equal(2, opened);

        ValueTask<Stream> Open(CancellationToken token)
        {
            opened++;
            return ValueTask.FromResult<Stream>(new CountingStream(File.OpenRead(folder["big.tar"])));
        }
    }

    [Fact]
    public async Task An_archive_that_ends_early_is_told()
    {
        await using var folder = new TemporaryFolder();
        var path = await images.DockerArchiveAsync(folder);
        await using (var file = File.OpenWrite(path))
            file.SetLength(file.Length / 2);
        var fault = await Assert.ThrowsAsync<ArchiveException>(async () => await ImageArchive.OpenAsync(path, cancellationToken: Token));
        Assert.Contains(path, fault.Message, StringComparison.Ordinal);
    }
}
