using System.Security.Cryptography;
using PSRegistry.Testing;

namespace PSRegistry.Client.Tests.Copying;

/// <summary>Layers that are compressed in blocks come out whole, for us and for others.</summary>
public sealed class LayerCompressionTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private TestRegistry _registry = null!;
    private RegistryClient _client = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private RemoteRepository App => _client.GetRepository(Clients.Repository);

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

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1024 * 1024)]
    [InlineData(3 * 1024 * 1024 + 17)]
    public async Task Another_client_reads_the_layer_as_it_was(int length)
    {
        var layer = Mixed(length);
        await Copies.PublishAsync(TinyArchive.Write(_folder["app.tar"], layer, "app:1"), App);
        await using var skopeo = new Skopeo();
        await skopeo.CopyAsync($"docker://{_registry.Http.Address.Authority}/{App.Name}:v1", $"dir:{_folder["out"]}", Token, "--dest-decompress");
        var digests = Directory.EnumerateFiles(_folder["out"]).Select(file => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file))));
        Assert.Contains(Convert.ToHexStringLower(SHA256.HashData(layer)), digests);
    }

    [Fact]
    public async Task The_same_layer_makes_the_same_blob()
    {
        var path = TinyArchive.Write(_folder["app.tar"], Mixed(2_000_000), "app:1");
        var first = await Copies.PublishAsync(path, App);
        var second = await Copies.PublishAsync(path, _client.GetRepository(Oci.RepositoryName.Parse("other")));
        Assert.Equal(first.Sent, second.Sent);
        Assert.Equal(first.Manifest.Digest, second.Manifest.Digest);
    }

    [Fact]
    public async Task What_cannot_be_compressed_does_not_grow_and_what_can_shrinks()
    {
        var dense = await Copies.PublishAsync(TinyArchive.Write(_folder["dense.tar"], RandomNumberGenerator.GetBytes(3_000_000), "dense:1"), App);
        var light = await Copies.PublishAsync(TinyArchive.Write(_folder["light.tar"], new byte[3_000_000], "light:1"), App);
        Assert.InRange(dense.Sent, 3_000_000, 3_003_000);
        Assert.InRange(light.Sent, 1, 60_000);
    }

    /// <summary>Bytes of which some cannot be compressed and some can.</summary>
    private static byte[] Mixed(int length)
    {
        var bytes = TestBytes.Make(length);
        bytes.AsSpan(0, length / 2).Fill((byte)'x');
        return bytes;
    }
}
