using System.Net;
using System.Text;
using PSRegistry.Testing;

namespace PSRegistry.Server.Tests.Listeners;

/// <summary>HTTP/2 without TLS, beside HTTP/1.1 on one port.</summary>
public sealed class PriorKnowledgeTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("2.0")]
    [InlineData("1.1")]
    public async Task Both_versions_are_spoken_on_one_port(string version)
    {
        await using var registry = await StartAsync();
        Assert.Equal(version, await AskAsync(registry, version));
        Assert.Equal("127.0.0.1", Assert.Single(registry.Server.Addresses).Host);
    }

    [Fact]
    public async Task A_blob_larger_than_every_window_goes_in_and_out()
    {
        await using var registry = await StartAsync();
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false })
        {
            BaseAddress = registry.Http.Address,
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        var blob = TestBytes.Make(12 << 20);
        var digest = ContentDescriptor.DigestOf(blob);
        using var begun = await client.PostAsync(new Uri("/v2/a/blobs/uploads/", UriKind.Relative), null, Token);
        using var content = new ByteArrayContent(blob);
        using var done = await client.PutAsync(new Uri($"{begun.Headers.Location}&digest={digest}", UriKind.Relative), content, Token);
        Assert.Equal(HttpStatusCode.Created, done.StatusCode);
        Assert.Equal(blob, await client.GetByteArrayAsync(new Uri($"/v2/a/blobs/{digest}", UriKind.Relative), Token));
    }

    [Fact]
    public async Task Without_the_key_a_client_that_begins_with_http2_is_refused()
    {
        await using var registry = await TestRegistry.StartAsync();
        await Assert.ThrowsAsync<HttpRequestException>(() => AskAsync(registry, "2.0"));
    }

    [Fact]
    public async Task Switching_http2_off_wins()
    {
        await using var registry = await TestRegistry.StartAsync(configuration => configuration with
        {
            Http = configuration.Http with { H2cEnabled = true, Http2Disabled = true },
        });
        await Assert.ThrowsAsync<HttpRequestException>(() => AskAsync(registry, "2.0"));
    }

    // P is how the preface of HTTP/2 begins, too.
    [Fact]
    public async Task A_request_that_comes_in_pieces_is_understood()
    {
        await using var registry = await StartAsync();
        using var client = new System.Net.Sockets.TcpClient { NoDelay = true };
        await client.ConnectAsync("127.0.0.1", registry.Http.Address.Port, Token);
        await client.GetStream().WriteAsync("P"u8.ToArray(), Token);
        await Task.Delay(50, Token);
        await client.GetStream().WriteAsync("UT /v2/_catalog HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray(), Token);
        using var reader = new StreamReader(client.GetStream(), Encoding.Latin1);
        var answer = await reader.ReadToEndAsync(Token);
        Assert.StartsWith("HTTP/1.1 405", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_says_nothing_and_goes_away_does_no_harm()
    {
        await using var registry = await StartAsync();
        using (var client = new System.Net.Sockets.TcpClient())
            await client.ConnectAsync("127.0.0.1", registry.Http.Address.Port, Token);
        Assert.Equal("1.1", await AskAsync(registry, "1.1"));
    }

    private static Task<TestRegistry> StartAsync() =>
        TestRegistry.StartAsync(configuration => configuration with { Http = configuration.Http with { H2cEnabled = true } });

    private static async Task<string> AskAsync(TestRegistry registry, string version)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(registry.Http.Address, "/v2/"))
        {
            Version = new Version(version),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using var answer = await client.SendAsync(request, Token);
        Assert.Equal("{}", await answer.Content.ReadAsStringAsync(Token));
        return answer.Version.ToString();
    }
}
