using PSRegistry.Testing;

namespace PSRegistry.Server.Tests.Transport;

/// <summary>Blobs from files to sockets, as clients see it that share a connection among requests.</summary>
public sealed class FileSendingTests : IAsyncLifetime
{
    /// <summary>More than any socket holds, and no multiple of what is sent at a time.</summary>
    private static readonly byte[] Blob = TestBytes.Make((9 << 20) + 12_345);

    private readonly TemporaryFolder _folder = new();
    private TestRegistry _registry = null!;
    private string _path = "";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _registry = await TestRegistry.StartAsync(_folder);
        _path = $"/v2/a/blobs/{await _registry.Http.PushBlobAsync("a", Blob, Token)}";
    }

    public async ValueTask DisposeAsync()
    {
        await _registry.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_connection_serves_on_after_a_file()
    {
        using var client = await ConnectAsync();
        for (var i = 0; i < 3; i++)
        {
            await client.AskAsync("GET", _path, Token);
            await client.MustAnswerAsync(200, Blob, Token);
            await client.AskAsync("GET", "/v2/", Token);
            await client.MustAnswerAsync(200, "{}"u8.ToArray(), Token);
        }
    }

    [Fact]
    public async Task HEAD_tells_the_length_and_sends_nothing()
    {
        using var client = await ConnectAsync();
        await client.AskAsync("HEAD", _path, Token);
        Assert.Equal((200, Blob.Length), await client.ReadHeadAsync(Token));
        await client.AskAsync("GET", "/v2/", Token);
        await client.MustAnswerAsync(200, "{}"u8.ToArray(), Token);
    }

    // Around the size from which files are sent, and around the pieces in which they are.
    [Theory]
    [InlineData(0, 16 * 1024 - 1)]
    [InlineData(1, 16 * 1024)]
    [InlineData(4095, (4 << 20) - 1)]
    [InlineData(4096, 4 << 20)]
    [InlineData(1, (4 << 20) + 1)]
    [InlineData(777, (8 << 20) + 1)]
    public async Task A_part_has_exactly_its_bytes(int start, int length)
    {
        using var client = await ConnectAsync();
        await client.AskAsync("GET", _path, Token, $"Range: bytes={start}-{start + length - 1}\r\n");
        await client.MustAnswerAsync(206, Blob[start..(start + length)], Token);
        await client.AskAsync("GET", _path, Token, "Range: bytes=-5\r\n");
        await client.MustAnswerAsync(206, Blob[^5..], Token);
    }

    [Fact]
    public async Task Of_several_ranges_none_is_taken()
    {
        using var client = await ConnectAsync();
        await client.AskAsync("GET", _path, Token, "Range: bytes=0-1,20000-60000\r\n");
        await client.MustAnswerAsync(200, Blob, Token);
    }

    [Fact]
    public async Task Requests_sent_together_are_answered_in_their_order()
    {
        using var client = await ConnectAsync();
        await client.SendAsync(
            RawClient.Request("GET", _path)
            + RawClient.Request("GET", "/v2/")
            + RawClient.Request("GET", _path, "Range: bytes=100000-299999\r\n")
            + RawClient.Request("GET", "/v2/b/tags/list"),
            Token);
        await client.MustAnswerAsync(200, Blob, Token);
        await client.MustAnswerAsync(200, "{}"u8.ToArray(), Token);
        await client.MustAnswerAsync(206, Blob[100_000..300_000], Token);
        Assert.Equal(404, (await client.ReadAnswerAsync(Token)).Status);
    }

    [Fact]
    public async Task A_client_that_reads_slowly_holds_nobody_up()
    {
        using var slow = await ConnectAsync();
        await slow.AskAsync("GET", _path, Token);
        Assert.Equal((200, Blob.Length), await slow.ReadHeadAsync(Token));
        var received = new List<byte>();
        for (var i = 0; i < 8; i++)
        {
            received.AddRange(await slow.ReadAsync(1000, Token));
            using var fast = await ConnectAsync();
            await fast.AskAsync("GET", _path, Token);
            await fast.MustAnswerAsync(200, Blob, Token);
        }
        received.AddRange(await slow.ReadAsync(Blob.Length - received.Count, Token));
        Assert.Equal(Blob, received.ToArray());
    }

    [Fact(Timeout = 300_000)]
    public async Task Clients_that_go_away_in_the_middle_leave_no_file_open()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Linux shows the open files of a process");
        for (var i = 0; i < 20; i++)
        {
            using var client = await ConnectAsync();
            await client.AskAsync("GET", _path, TestContext.Current.CancellationToken);
            Assert.Equal((200, Blob.Length), await client.ReadHeadAsync(Token));
            await client.ReadAsync(i * 1000, Token);
            Assert.NotEqual(0, CountOpenBlobs());
        }
        while (CountOpenBlobs() > 0)
            await Task.Delay(20, Token);
        using var next = await ConnectAsync();
        await next.AskAsync("GET", _path, Token);
        await next.MustAnswerAsync(200, Blob, Token);
        Assert.DoesNotContain(_registry.LogLines, line => line.Contains("broke off", StringComparison.Ordinal));
    }

    [Fact(Timeout = 300_000)]
    public async Task A_thousand_clients_at_once_all_get_their_bytes()
    {
        const int Clients = 1000, Length = 300_000;
        var clients = new List<RawClient>();
        try
        {
            for (var i = 0; i < Clients; i++)
            {
                clients.Add(await ConnectAsync());
                await clients[i].AskAsync("GET", _path, TestContext.Current.CancellationToken, $"Range: bytes={i}-{i + Length - 1}\r\n");
            }
            for (var i = Clients - 1; i >= 0; i--)
            {
                var (status, body) = await clients[i].ReadAnswerAsync(Token);
                Assert.Equal(206, status);
                Assert.True(body.AsSpan().SequenceEqual(Blob.AsSpan(i, Length)), $"client {i} got other bytes");
            }
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }
    }

    [Fact(Timeout = 300_000)]
    public async Task A_file_that_became_shorter_cuts_the_connection()
    {
        using var client = await ConnectAsync();
        await client.AskAsync("GET", _path, TestContext.Current.CancellationToken);
        Assert.Equal((200, Blob.Length), await client.ReadHeadAsync(Token));
        await client.ReadAsync(1000, Token);
        using (var file = new FileStream(FindBlob(), FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            file.SetLength(Blob.Length - 100_000);
        Assert.InRange(await client.ReadToEndAsync(Token), 0, Blob.Length - 101_000);
        while (!_registry.LogLines.Any(line => line.Contains("broke off", StringComparison.Ordinal)))
            await Task.Delay(20, Token);
    }

    private Task<RawClient> ConnectAsync() => RawClient.ConnectAsync(_registry.Http.Address, Token);

    private string FindBlob() =>
        Directory.EnumerateFiles(_folder.Path, "data", SearchOption.AllDirectories).Single(file => new FileInfo(file).Length == Blob.Length);

    private int CountOpenBlobs() => new DirectoryInfo("/proc/self/fd").EnumerateFiles().Count(file =>
    {
        try
        {
            return file.LinkTarget?.StartsWith(_folder.Path, StringComparison.Ordinal) == true && file.LinkTarget.EndsWith("/data", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    });
}
