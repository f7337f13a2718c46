using PSRegistry.Client.Tests.Exchange;
using PSRegistry.Oci;
using PSRegistry.Testing;

namespace PSRegistry.Client.Tests.Remote;

/// <summary>What is read is what its digest says, whatever happens on the way.</summary>
public sealed class RemoteBlobTests
{
    private static readonly byte[] Content = Random(500_000);

    private static readonly Digest ContentDigest = Digest.OfContent(Content);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("ours")]
    [InlineData("original")]
    public async Task A_read_goes_on_where_the_connection_broke(string kind)
    {
        await using var registry = await AnyRegistry.StartAsync(kind);
        using (var direct = Clients.Of(registry.Address))
            await PushAsync(direct);
        await using var proxy = BreakingProxy.Downward(registry.Address, 150_000, breaks: 3);
        using var client = Clients.Of(proxy.Address);
        Assert.Equal(Content, await ReadAsync(client));
        Assert.Equal(0, proxy.BreaksLeft);
    }

    [Fact]
    public async Task A_registry_that_knows_no_ranges_is_read_from_the_beginning()
    {
        var asked = 0;
        await using var server = await ScriptedServer.StartAsync(async context =>
        {
            context.Response.ContentLength = Content.Length;
            if (Interlocked.Increment(ref asked) > 1)
            {
                await context.Response.Body.WriteAsync(Content, context.RequestAborted);
                return;
            }
            await context.Response.Body.WriteAsync(Content.AsMemory(0, 100_000), context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            context.Abort();
        });
        using var client = Clients.Of(server.Address);
        Assert.Equal(Content, await ReadAsync(client));
        Assert.Equal(2, asked);
    }

    [Fact]
    public async Task The_end_of_a_forged_blob_is_not_handed_out()
    {
        var forged = (byte[])Content.Clone();
        forged[^1] ^= 1;
        await using var server = await ScriptedServer.StartAsync(context =>
        {
            context.Response.ContentLength = forged.Length;
            return context.Response.Body.WriteAsync(forged, context.RequestAborted).AsTask();
        });
        using var client = Clients.Of(server.Address);
        var fault = await Clients.FailsAsync(RegistryFailure.DigestMismatch, () => ReadAsync(client));
        Assert.Contains(ContentDigest.ToString(), fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_blob_that_always_ends_early_is_given_up()
    {
        await using var server = await ScriptedServer.StartAsync(context =>
        {
            context.Response.ContentLength = Content.Length;
            context.Abort();
            return Task.CompletedTask;
        });
        using var client = Clients.Of(server.Address);
        await Clients.FailsAsync(RegistryFailure.ConnectionLost, () => ReadAsync(client));
    }

    [Fact]
    public async Task A_part_is_read_with_all_before_it_so_that_it_is_proven()
    {
        await using var registry = await AnyRegistry.StartAsync("ours");
        using var client = Clients.Of(registry.Address);
        await PushAsync(client);
        await using var blob = await client.GetRepository(Clients.Repository).Blobs.OpenAsync(ContentDigest, Token);
        var tail = new byte[100];
        Assert.Equal(10, await blob!.ReadAsync(Content.Length - 10, tail, Token));
        Assert.Equal(Content.AsSpan(^10..), tail.AsSpan(0, 10));
        Assert.Equal(0, await blob.ReadAsync(Content.Length, tail, Token));
        Assert.True(await blob.ReadAsync(0, tail, Token) > 0);
        Assert.Equal(Content[0], tail[0]);
    }

    [Fact]
    public async Task A_blob_behind_a_redirect_is_read_without_the_login()
    {
        await using var storage = await ScriptedServer.StartAsync(context =>
        {
            context.Response.ContentLength = Content.Length;
            return context.Response.Body.WriteAsync(Content, context.RequestAborted).AsTask();
        });
        await using var server = await ScriptedServer.StartAsync(context =>
        {
            if (context.Request.Headers.Authorization.Count == 0)
            {
                context.Response.StatusCode = 401;
                context.Response.Headers.WWWAuthenticate = "Basic realm=\"x\"";
                return Task.CompletedTask;
            }
            context.Response.Redirect(new Uri(storage.Address, "signed?secret=1").AbsoluteUri);
            return Task.CompletedTask;
        });
        using var client = Clients.Of(server.Address, Clients.LoggedIn());
        Assert.Equal(Content, await ReadAsync(client));
        Assert.Null(Assert.Single(storage.Requests).Authorization);
    }

    private static async Task PushAsync(RegistryClient client)
    {
        await using var upload = await client.GetRepository(Clients.Repository).Uploads.StartAsync(DigestAlgorithm.Sha256, Token);
        await upload.AppendAsync(Testing.Storage.SampleImages.Body(Content), Token);
        Assert.Null(await upload.CommitAsync(ContentDigest, Token));
    }

    private static async Task<byte[]> ReadAsync(RegistryClient client)
    {
        await using var blob = await client.GetRepository(Clients.Repository).Blobs.OpenAsync(ContentDigest, Token);
        var content = new MemoryStream();
        var buffer = new byte[40_000];
        while (await blob!.ReadAsync(content.Length, buffer, Token) is var read and > 0)
            content.Write(buffer, 0, read);
        return content.ToArray();
    }

    private static byte[] Random(int length)
    {
        var bytes = new byte[length];
        new Random(3).NextBytes(bytes);
        return bytes;
    }
}
