using System.Buffers;
using System.Text;
using Xunit;

namespace PSRegistry.Testing.Storage;

// What holds while others write, move and delete.
public abstract partial class StorageDriverSuite
{
    [Fact]
    public async Task What_is_open_stays_readable_when_it_is_deleted_or_replaced()
    {
        foreach (var change in new Func<ValueTask>[]
        {
            () => WriteAsync("f/data", "other"),
            async () => Assert.True(await Driver.DeleteAsync("f/data", cancellationToken: Token)),
            async () => Assert.True(await Driver.DeleteAsync("f", cancellationToken: Token)),
            async () =>
            {
                await WriteAsync("aside", "moved");
                await Driver.MoveAsync("aside", "f/data", Token);
            },
        })
        {
            await WriteAsync("f/data", "opened");
            await using var blob = await Driver.OpenAsync("f/data", Token);
            await change();
            var buffer = new byte[100];
            Assert.Equal("opened", Encoding.UTF8.GetString(buffer, 0, await ReadFullyAsync(blob!, 0, buffer)));
        }
    }

    [Fact]
    public async Task What_is_open_does_not_grow()
    {
        await AppendAsync("f", "one");
        await using var blob = await Driver.OpenAsync("f", Token);
        await AppendAsync("f", "two");
        Assert.Equal(3, blob!.Size);
        Assert.Equal("onetwo", await ReadAsync("f"));
    }

    [Fact]
    public async Task Readers_of_a_file_that_many_write_see_one_of_the_contents_whole()
    {
        await Driver.WriteAsync("f", Whole(0), Token);
        using var written = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var readers = Enumerable.Range(0, 2).Select(_ => Task.Run(async () =>
        {
            while (!written.IsCancellationRequested)
            {
                AssertWhole(await Driver.ReadAsync("f", 100_000, Token));
                await using var blob = await Driver.OpenAsync("f", Token);
                var buffer = new byte[100_000];
                AssertWhole(buffer[..await ReadFullyAsync(blob!, 0, buffer)]);
            }
        }, Token)).ToList();
        await Task.WhenAll(Enumerable.Range(1, 3).Select(writer => Task.Run(async () =>
        {
            for (var round = 0; round < 30; round++)
                await Driver.WriteAsync("f", Whole((byte)(writer * 50 + round)), Token);
        }, Token)));
        await written.CancelAsync();
        await Task.WhenAll(readers);
    }

    [Fact]
    public async Task Of_many_moves_to_one_path_one_stays()
    {
        await Task.WhenAll(Enumerable.Range(0, 20).Select(number => Task.Run(async () =>
        {
            await using (var writer = await Driver.OpenWriterAsync($"up/{number}/data", Token))
            {
                await writer.AppendAsync(new ReadOnlySequence<byte>(Whole((byte)number)), Token);
                await writer.FlushAsync(Token);
            }
            await Driver.MoveAsync($"up/{number}/data", "blobs/ab/data", Token);
            AssertWhole(await Driver.ReadAsync("blobs/ab/data", 100_000, Token));
        }, Token)));
        Assert.Equal(["data"], (await ListAsync("blobs/ab")).Select(entry => entry.Name));
        foreach (var folder in await ListAsync("up"))
            Assert.Empty(await ListAsync($"up/{folder.Name}"));
    }

    [Fact]
    public async Task Writes_into_a_folder_that_others_delete_succeed_and_so_do_the_deletes()
    {
        using var written = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var deleters = Enumerable.Range(0, 2).Select(number => Task.Run(async () =>
        {
            while (!written.IsCancellationRequested)
            {
                await Driver.DeleteAsync("tags/t", durable: number == 0, Token);
                await Task.Delay(2, Token);
            }
        }, Token)).ToList();
        await Task.WhenAll(Enumerable.Range(0, 2).Select(number => Task.Run(async () =>
        {
            for (var round = 0; round < 150; round++)
            {
                await WriteAsync($"tags/t/index/{number}/link", "x");
                await WriteAsync("tags/t/current/link", "x");
            }
        }, Token)));
        await written.CancelAsync();
        await Task.WhenAll(deleters);
        await WriteAsync("tags/t/current/link", "last");
        Assert.Equal("last", await ReadAsync("tags/t/current/link"));
        Assert.Equal(["link"], (await ListAsync("tags/t/current")).Select(entry => entry.Name));
    }

    [Fact]
    public async Task Listings_of_a_folder_that_changes_never_fail_and_keep_what_does_not_change()
    {
        await WriteAsync("folder/constant", "x");
        using var changed = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var lister = Task.Run(async () =>
        {
            while (!changed.IsCancellationRequested)
            {
                var names = (await ListAsync("folder")).ConvertAll(entry => entry.Name);
                Assert.Contains("constant", names);
                Assert.Equal(names.Order(StringComparer.Ordinal), names);
                _ = await Driver.GetEntryAsync("folder/5", Token);
                _ = await ListAsync("folder/5");
            }
        }, Token);
        for (var round = 0; round < 100; round++)
        {
            await WriteAsync($"folder/{round % 10}/f", "x");
            await Driver.DeleteAsync($"folder/{(round + 5) % 10}", durable: false, Token);
        }
        await changed.CancelAsync();
        await lister;
    }

    [Fact]
    public async Task Of_many_deletes_of_one_tree_nothing_is_left()
    {
        for (var round = 0; round < 20; round++)
        {
            for (var number = 0; number < 12; number++)
                await AppendAsync($"tree/{number % 3}/{number}/f", "x");
            await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(async () => await Driver.DeleteAsync("tree", durable: false, Token), Token)));
            Assert.Null(await Driver.GetEntryAsync("tree", Token));
        }
    }

    /// <summary>A content that tells a mixture: its first byte fixes all others and its length.</summary>
    private static byte[] Whole(byte seed)
    {
        var content = new byte[1000 + seed * 100];
        content.AsSpan().Fill(seed);
        return content;
    }

    private static void AssertWhole(byte[]? content)
    {
        Assert.NotNull(content);
        Assert.NotEmpty(content);
        Assert.Equal(Whole(content[0]), content);
    }
}
