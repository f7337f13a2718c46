using System.Net;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging.Abstractions;
using PSRegistry.Server.Configuration;
using PSRegistry.Server.Transport;
using PSRegistry.Testing;

namespace PSRegistry.Server.Tests.Transport;

/// <summary>What the server hears of its clients, and they of it, between requests and while one waits.</summary>
public sealed class TransportTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = 300_000)]
    public async Task A_request_that_waits_hears_that_its_client_went_away()
    {
        var waiting = new TaskCompletionSource();
        var aborted = new TaskCompletionSource();
        await using var web = await StartAsync(async context =>
        {
            using var registration = context.RequestAborted.Register(aborted.SetResult);
            waiting.SetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        using (var client = await RawClient.ConnectAsync(new Uri(web.Addresses.First()), TestContext.Current.CancellationToken))
        {
            await client.AskAsync("GET", "/", Token);
            await waiting.Task.WaitAsync(Token);
        }
        await aborted.Task.WaitAsync(Token);
    }

    [Fact]
    public async Task Bytes_written_while_a_flush_waits_come_in_order()
    {
        var body = TestBytes.Make(20 << 20);
        await using var web = await StartAsync(async context =>
        {
            context.Response.ContentLength = body.Length;
            var writer = context.Response.BodyWriter;
            var flushes = new List<Task>();
            for (var sent = 0; sent < body.Length; sent += 100_000)
            {
                var piece = body.AsMemory(sent, Math.Min(100_000, body.Length - sent));
                piece.CopyTo(writer.GetMemory(piece.Length));
                writer.Advance(piece.Length);
                flushes.Add(writer.FlushAsync().AsTask());
            }
            await Task.WhenAll(flushes);
        });
        using var client = await RawClient.ConnectAsync(new Uri(web.Addresses.First()), Token);
        await client.AskAsync("GET", "/", Token);
        await client.MustAnswerAsync(200, body, Token);
    }

    [Fact]
    public async Task Files_go_by_themselves_where_the_platform_can_and_nothing_is_encrypted()
    {
        await using var web = await StartAsync(context =>
        {
            context.Response.ContentLength = 1;
            return context.Response.WriteAsync(context.Features.Get<IFileOutput>() is null ? "n" : "y");
        });
        using var client = await RawClient.ConnectAsync(new Uri(web.Addresses.First()), Token);
        await client.AskAsync("GET", "/", Token);
        await client.MustAnswerAsync(200, OperatingSystem.IsLinux() ? "y"u8.ToArray() : "n"u8.ToArray(), Token);
    }

    [Fact]
    public async Task The_next_request_of_a_connection_finds_nothing_of_the_one_before()
    {
        var contexts = new List<HttpContext>();
        await using var web = await StartAsync(context =>
        {
            contexts.Add(context);
            context.Response.ContentLength = 1;
            var answer = context.Items.Count == 0 && context.Features.Get<string>() is null ? "y" : "n";
            context.Items["a"] = "b";
            context.Features.Set("a");
            return context.Response.WriteAsync(answer);
        });
        using var client = await RawClient.ConnectAsync(new Uri(web.Addresses.First()), Token);
        for (var i = 0; i < 3; i++)
        {
            await client.AskAsync("GET", "/", Token);
            await client.MustAnswerAsync(200, "y"u8.ToArray(), Token);
        }
        Assert.All(contexts, context => Assert.Same(contexts[0], context));
    }

    [Fact]
    public async Task Connections_receive_into_large_blocks()
    {
        await using var web = await StartAsync(context =>
        {
            context.Response.ContentLength = 1;
            return context.Response.WriteAsync(context.Features.Get<IMemoryPoolFeature>()?.MemoryPool is BlockPool ? "y" : "n");
        });
        using var client = await RawClient.ConnectAsync(new Uri(web.Addresses.First()), Token);
        await client.AskAsync("GET", "/", Token);
        await client.MustAnswerAsync(200, "y"u8.ToArray(), Token);
    }

    [Theory(Timeout = 300_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Stopping_ends_idle_connections_at_once_and_lets_busy_ones_finish(bool isHttp2Known)
    {
        using var folder = new TemporaryFolder();
        await using var registry = await TestRegistry.StartAsync(configuration => configuration with
        {
            Storage = configuration.Storage with { Driver = StorageDriverKind.FileSystem, RootDirectory = folder.Path },
            Http = configuration.Http with { DrainTimeout = TimeSpan.FromMinutes(5), H2cEnabled = isHttp2Known },
        });
        var blob = TestBytes.Make(24 << 20);
        var digest = await registry.Http.PushBlobAsync("a", blob, TestContext.Current.CancellationToken);
        using var untouched = await RawClient.ConnectAsync(registry.Http.Address, Token);
        using var idle = await RawClient.ConnectAsync(registry.Http.Address, Token);
        await idle.AskAsync("GET", "/v2/", Token);
        Assert.Equal(200, (await idle.ReadAnswerAsync(Token)).Status);
        using var busy = await RawClient.ConnectAsync(registry.Http.Address, Token);
        await busy.AskAsync("GET", $"/v2/a/blobs/{digest}", Token);
        Assert.Equal((200, blob.Length), await busy.ReadHeadAsync(Token));

        var stopping = registry.Server.StopAsync(Token);
        // Long before a client that says nothing would be given up anyway.
        Assert.Equal(0, await idle.ReadToEndAsync(Token).WaitAsync(TimeSpan.FromMinutes(1), Token));
        Assert.Equal(0, await untouched.ReadToEndAsync(Token).WaitAsync(TimeSpan.FromMinutes(1), Token));
        Assert.False(stopping.IsCompleted);
        Assert.Equal(blob, await busy.ReadAsync(blob.Length, Token));
        Assert.Equal(0, await busy.ReadToEndAsync(Token));
        await stopping;
    }

    [Fact(Timeout = 300_000)]
    public async Task A_slow_client_may_take_as_long_as_draining_may()
    {
        using var folder = new TemporaryFolder();
        await using var registry = await TestRegistry.StartAsync(configuration => configuration with
        {
            Storage = configuration.Storage with { Driver = StorageDriverKind.FileSystem, RootDirectory = folder.Path },
            Http = configuration.Http with { DrainTimeout = TimeSpan.FromMinutes(5) },
        });
        var blob = TestBytes.Make(24 << 20);
        var digest = await registry.Http.PushBlobAsync("a", blob, TestContext.Current.CancellationToken);
        using var slow = await RawClient.ConnectAsync(registry.Http.Address, Token);
        await slow.AskAsync("GET", $"/v2/a/blobs/{digest}", Token);
        Assert.Equal((200, blob.Length), await slow.ReadHeadAsync(Token));

        var stopping = registry.Server.StopAsync(Token);
        // A host that is told nothing else gives up after 30 s.
        await Task.Delay(TimeSpan.FromSeconds(33), Token);
        Assert.Equal(blob, await slow.ReadAsync(blob.Length, Token));
        await stopping;
    }

    [Fact(Timeout = 300_000)]
    public async Task An_end_to_waiting_breaks_off_a_client_that_reads_nothing()
    {
        using var folder = new TemporaryFolder();
        await using var registry = await TestRegistry.StartAsync(folder);
        var blob = TestBytes.Make(24 << 20);
        var digest = await registry.Http.PushBlobAsync("a", blob, TestContext.Current.CancellationToken);
        using var stuck = await RawClient.ConnectAsync(registry.Http.Address, Token);
        await stuck.AskAsync("GET", $"/v2/a/blobs/{digest}", Token);
        await stuck.ReadHeadAsync(Token);
        await registry.Server.StopAsync(new CancellationToken(canceled: true));
        Assert.InRange(await stuck.ReadToEndAsync(Token), 0, blob.Length - 1);
    }

    [Fact(Timeout = 300_000)]
    public async Task Each_of_many_clients_gets_all_of_its_file_however_slowly_it_reads()
    {
        using var folder = new TemporaryFolder();
        await using var registry = await TestRegistry.StartAsync(folder);
        var blob = TestBytes.Make(9 << 20);
        var digest = await registry.Http.PushBlobAsync("a", blob, TestContext.Current.CancellationToken);

        await Task.WhenAll(Enumerable.Range(0, 24).Select(async number =>
        {
            using var client = await RawClient.ConnectAsync(registry.Http.Address, Token);
            for (var time = 0; time < 2; time++)
            {
                await client.AskAsync("GET", $"/v2/a/blobs/{digest}", Token);
                Assert.Equal((200, blob.Length), await client.ReadHeadAsync(Token));
                for (var at = 0; at < blob.Length;)
                {
                    // Some leave their socket full for a while, some never.
                    if (number % 3 == 0)
                        await Task.Delay(number, Token);
                    var piece = Math.Min(blob.Length - at, (number + 1) * 100_000);
                    var read = await client.ReadAsync(piece, Token);
                    Assert.True(blob.AsSpan(at, piece).SequenceEqual(read));
                    at += piece;
                }
            }
        }));
    }

    [Fact]
    public async Task A_unix_socket_is_sent_files_as_well()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "paths of sockets differ there");
        using var folder = new TemporaryFolder();
        var blob = TestBytes.Make(9 << 20);
        string digest;
        await using (var pushed = await TestRegistry.StartAsync(folder))
            digest = await pushed.Http.PushBlobAsync("a", blob, Token);
        await using var registry = await TestRegistry.StartAsync(configuration => configuration with
        {
            Storage = configuration.Storage with { Driver = StorageDriverKind.FileSystem, RootDirectory = folder.Path },
            Http = configuration.Http with { SocketPath = folder["r.sock"] },
        });
        using var client = await RawClient.ConnectAsync(folder["r.sock"], Token);
        for (var i = 0; i < 2; i++)
        {
            await client.AskAsync("GET", $"/v2/a/blobs/{digest}", Token);
            await client.MustAnswerAsync(200, blob, Token);
        }
    }

    private static async Task<WebServer> StartAsync(RequestDelegate handler)
    {
        var web = new WebServer(
            NullLoggerFactory.Instance,
            kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                TransportSetup.SendFiles(listen);
            }),
            handler);
        await web.StartAsync("127.0.0.1", "none", Token);
        return web;
    }
}
