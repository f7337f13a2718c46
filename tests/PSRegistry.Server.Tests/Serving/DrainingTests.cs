using System.Net;
using System.Net.Sockets;
using PSRegistry.Server.Configuration;
using PSRegistry.Testing;

namespace PSRegistry.Server.Tests.Serving;

/// <summary>How a server goes without losing a request.</summary>
public sealed class DrainingTests : IDisposable
{
    private readonly TlsFolder _files = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task During_the_delay_it_answers_says_that_it_goes_and_has_kept_connections_made_elsewhere()
    {
        await using var registry = await StartAsync(http => http with { DrainDelay = TimeSpan.FromSeconds(60), DrainTimeout = TimeSpan.FromSeconds(20) });
        Assert.False((await registry.Http.GetAsync("/v2/", Token)).Headers.ContainsKey("Connection"));
        using var breakOff = new CancellationTokenSource();
        var stopping = registry.Server.StopAsync(breakOff.Token);
        Assert.True(registry.Server.IsDraining);
        for (var i = 0; i < 3; i++)
        {
            // Each of them comes over a connection of its own, since the one before ended with its answer.
            Assert.Equal("close", (await registry.Http.GetAsync("/v2/", Token)).MustBe(HttpStatusCode.OK).Header("Connection"));
        }
        Assert.False(stopping.IsCompleted);
        await breakOff.CancelAsync();
        await stopping;
        await Assert.ThrowsAsync<HttpRequestException>(() => registry.Http.GetAsync("/v2/", Token));
    }

    [Fact]
    public async Task A_request_in_flight_is_answered_and_the_connection_ends_with_it()
    {
        await using var registry = await StartAsync(http => http with { DrainTimeout = TimeSpan.FromSeconds(60) });
        var begun = await registry.Http.BeginUploadAsync("a", Token);
        using var content = new PausedContent(TestBytes.Make(100_000), 50_000);
        var pushing = registry.Http.SendAsync(HttpMethod.Patch, begun.Location, content, Token);
        await content.Paused.WaitAsync(Token);
        await registry.Http.UntilReceivingAsync(begun.Location, Token);
        var stopping = registry.Server.StopAsync(Token);
        await UntilClosedAsync(registry);
        content.Resume();
        Assert.Equal("close", (await pushing).MustBe(HttpStatusCode.Accepted).Header("Connection"));
        await stopping;
    }

    [Fact]
    public async Task A_connection_that_is_kept_for_later_ends_at_once()
    {
        await using var registry = await StartAsync(http => http with { DrainTimeout = TimeSpan.FromSeconds(60) });
        using var idle = new TcpClient();
        await idle.ConnectAsync("127.0.0.1", registry.Http.Address.Port, Token);
        await idle.GetStream().WriteAsync("GET /v2/ HTTP/1.1\r\nHost: a\r\n\r\n"u8.ToArray(), Token);
        var buffer = new byte[4096];
        Assert.NotEqual(0, await idle.GetStream().ReadAsync(buffer, Token));
        await registry.Server.StopAsync(Token);
        Assert.Equal(0, await idle.GetStream().ReadAsync(buffer, Token));
    }

    [Fact]
    public async Task Streams_of_http2_in_flight_are_answered_and_new_ones_go_elsewhere()
    {
        await using var registry = await StartAsync(http => http with { DrainTimeout = TimeSpan.FromSeconds(60), Tls = new TlsConfiguration { Certificate = _files.Certificate, Key = _files.Key } });
        using var handler = new SocketsHttpHandler { SslOptions = TlsTrust.In(_files.Authority), UseProxy = false };
        using var client = new HttpClient(handler) { BaseAddress = registry.Http.Address, DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using var begun = await client.PostAsync(new Uri("/v2/a/blobs/uploads/", UriKind.Relative), null, Token);
        using var content = new PausedContent(TestBytes.Make(100_000), 50_000);
        var pushing = client.PatchAsync(begun.Headers.Location, content, Token);
        await content.Paused.WaitAsync(Token);
        await UntilReceivingAsync(client, begun.Headers.Location!);
        var stopping = registry.Server.StopAsync(Token);
        await UntilClosedAsync(registry);
        content.Resume();
        using var pushed = await pushing;
        Assert.Equal(HttpStatusCode.Accepted, pushed.StatusCode);
        await stopping;
    }

    [Fact]
    public async Task An_upload_that_is_broken_off_goes_on_at_the_next_server()
    {
        await using var folder = new TemporaryFolder();
        var bytes = TestBytes.Make(200_000);
        RegistryAnswer begun;
        await using (var registry = await TestRegistry.StartAsync(folder))
        {
            begun = await registry.Http.BeginUploadAsync("a", Token);
            using var content = new PausedContent(bytes, 100_000);
            var pushing = registry.Http.SendAsync(HttpMethod.Patch, begun.Location, content, Token);
            await content.Paused.WaitAsync(Token);
            await registry.Http.UntilReceivingAsync(begun.Location, Token);
            await registry.Server.StopAsync(Token);
            content.Resume();
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => pushing);
        }
        await using var next = await TestRegistry.StartAsync(folder);
        var told = (await next.Http.GetAsync(begun.Location, Token)).MustBe(HttpStatusCode.NoContent);
        var patched = (await next.Http.PatchUploadAsync(told.Location, bytes.AsMemory((int)told.UploadedLength), Token)).MustBe(HttpStatusCode.Accepted);
        (await next.Http.FinishUploadAsync(patched.Location, default, ContentDescriptor.DigestOf(bytes), Token)).MustBe(HttpStatusCode.Created);
    }

    /// <summary>What was sent may lie in buffers still, and a stream that the server has not seen may go elsewhere.</summary>
    private static async Task UntilReceivingAsync(HttpClient client, Uri location)
    {
        while (true)
        {
            using var told = await client.GetAsync(location, Token);
            if (told.Headers.GetValues("Range").Single() != "0-0")
                return;
            await Task.Delay(10, Token);
        }
    }

    private static async Task UntilClosedAsync(TestRegistry registry)
    {
        while (true)
        {
            using var late = new TcpClient();
            try
            {
                await late.ConnectAsync("127.0.0.1", registry.Http.Address.Port, Token);
            }
            catch (SocketException)
            {
                return;
            }
            await Task.Delay(20, Token);
        }
    }

    private static Task<TestRegistry> StartAsync(Func<HttpConfiguration, HttpConfiguration> change) =>
        TestRegistry.StartAsync(configuration => configuration with { Http = change(configuration.Http) });
}
