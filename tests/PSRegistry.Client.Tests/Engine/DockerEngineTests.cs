using PSRegistry.Client.Tests.Copying;
using PSRegistry.Client.Tests.Remote;
using PSRegistry.Testing;

namespace PSRegistry.Client.Tests.Engine;

public sealed class DockerEngineTests(RealImages images)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Images_of_the_engine_are_listed_and_published_without_a_file()
    {
        await using var folder = new TemporaryFolder();
        await using var docker = await Dockerd.StartAsync(Token);
        await using var registry = await AnyRegistry.StartAsync("ours");
        using var client = Clients.Of(registry.Address);
        (await docker.RunAsync(Token, "load", "-i", await images.DockerArchiveAsync(folder))).MustExitWith(0);
        using var engine = DockerEngine.Open($"unix://{docker.Socket}");
        var local = Assert.Single(await engine.ListAsync(Token));
        Assert.Equal(["team/app:1.0"], local.Names);
        Assert.True(local.Size > 100_000);
        await using var archive = await engine.ExportAsync(local.Names[0], cancellationToken: Token);
        Assert.Equal(local.Id, Assert.Single(archive.Images).Id);
        var repository = client.GetRepository(Clients.Repository);
        await new ImageCopier().PublishAsync(archive, archive.Images[0], repository, [Copies.V1], Token);
        Assert.Equal(local.Id, (await repository.ManifestAsync()).Config!.Digest);
        var fault = await Assert.ThrowsAsync<ArchiveException>(async () => await engine.ExportAsync("missing:1", cancellationToken: Token));
        Assert.Contains("missing", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_engine_that_is_not_there_is_told()
    {
        await using var folder = new TemporaryFolder();
        using var engine = DockerEngine.Open($"unix://{folder["none.sock"]}");
        var fault = await Assert.ThrowsAsync<ArchiveException>(async () => await engine.ListAsync(Token));
        Assert.Contains("none.sock", fault.Message, StringComparison.Ordinal);
        Assert.Contains("Is it running", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tcp://10.0.0.1:2375")]
    [InlineData("nonsense")]
    public void An_engine_on_the_network_is_refused(string address) =>
        Assert.Contains("not on this machine", Assert.Throws<ArchiveException>(() => DockerEngine.Open(address)).Message, StringComparison.Ordinal);
}
