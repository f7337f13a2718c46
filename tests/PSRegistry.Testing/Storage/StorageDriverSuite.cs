using System.Buffers;
using System.Text;
using PSRegistry.Oci;
using PSRegistry.Storage;
using PSRegistry.Storage.Drivers;
using Xunit;

namespace PSRegistry.Testing.Storage;

/// <summary>What every storage driver must do, on an empty storage of its own for each test.</summary>
public abstract partial class StorageDriverSuite
{
    /// <summary>A driver over an empty storage.</summary>
    protected abstract IStorageDriver Driver { get; }

    /// <summary>Ends with the test.</summary>
    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_written_is_read()
    {
        await WriteAsync("a/b/c", "content");
        Assert.Equal("content", await ReadAsync("a/b/c"));
        var entry = await Driver.GetEntryAsync("a/b/c", Token);
        Assert.Equal(("c", false, 7L), (entry!.Value.Name, entry.Value.IsFolder, entry.Value.Length));
        Assert.InRange(entry.Value.ModifiedAt, DateTimeOffset.UtcNow.AddMinutes(-2), DateTimeOffset.UtcNow.AddMinutes(2));
    }

    [Fact]
    public async Task Writing_again_replaces_the_whole()
    {
        await WriteAsync("f", "a long content");
        await WriteAsync("f", "short");
        Assert.Equal("short", await ReadAsync("f"));
        Assert.Equal(5, (await Driver.GetEntryAsync("f", Token))!.Value.Length);
    }

    [Fact]
    public async Task An_empty_file_is_there_and_empty()
    {
        await WriteAsync("a/empty", "");
        Assert.Equal("", await ReadAsync("a/empty"));
        Assert.Equal(0, (await Driver.GetEntryAsync("a/empty", Token))!.Value.Length);
        await using var blob = await Driver.OpenAsync("a/empty", Token);
        Assert.Equal(0, blob!.Size);
        Assert.Equal(0, await blob.ReadAsync(0, new byte[1], Token));
    }

    [Theory]
    [InlineData("nothing")]
    [InlineData("folder/nothing")]
    [InlineData("folder/file/below")]
    [InlineData("no/such/folder")]
    public async Task What_is_missing_is_an_answer_and_no_fault(string path)
    {
        await WriteAsync("folder/file", "x");
        Assert.Null(await Driver.ReadAsync(path, 10, Token));
        Assert.Null(await Driver.OpenAsync(path, Token));
        Assert.Null(await Driver.GetEntryAsync(path, Token));
        Assert.False(await Driver.DeleteAsync(path, cancellationToken: Token));
        Assert.Empty(await ListAsync(path));
        Assert.Equal("x", await ReadAsync("folder/file"));
    }

    [Fact]
    public async Task A_folder_is_no_file()
    {
        await WriteAsync("folder/file", "x");
        Assert.Null(await Driver.ReadAsync("folder", 10, Token));
        Assert.Null(await Driver.OpenAsync("folder", Token));
        var entry = await Driver.GetEntryAsync("folder", Token);
        Assert.Equal(("folder", true, 0L), (entry!.Value.Name, entry.Value.IsFolder, entry.Value.Length));
        await Assert.ThrowsAsync<StorageException>(async () => await WriteAsync("folder", "y"));
        await Assert.ThrowsAsync<StorageException>(async () => await WriteAsync("folder/file/below", "y"));
        Assert.Equal("x", await ReadAsync("folder/file"));
    }

    [Fact]
    public async Task A_file_longer_than_wanted_is_a_fault_and_no_allocation()
    {
        await WriteAsync("f", "12345");
        Assert.Equal(5, (await Driver.ReadAsync("f", 5, Token))!.Length);
        var fault = await Assert.ThrowsAsync<StorageException>(async () => await Driver.ReadAsync("f", 4, Token));
        Assert.Equal(StorageFault.Damaged, fault.Fault);
    }

    [Fact]
    public async Task A_listing_is_in_byte_order_and_tells_files_from_folders()
    {
        foreach (var name in new[] { "b", "a-b", "a", "B", "_x", "a.b", "0", "a0", "Z/deep/er", "zz/f" })
            await WriteAsync($"list/{name}", name);
        Assert.Equal(["0", "B", "Z", "_x", "a", "a-b", "a.b", "a0", "b", "zz"], (await ListAsync("list")).Select(entry => entry.Name));
        Assert.Equal(["Z", "zz"], (await ListAsync("list")).Where(entry => entry.IsFolder).Select(entry => entry.Name));
        Assert.Equal(3, (await ListAsync("list")).Single(entry => entry.Name == "a-b").Length);
        Assert.Empty(await ListAsync("list/a"));
    }

    [Fact]
    public async Task Appending_makes_grows_and_resumes_a_file()
    {
        await AppendAsync("up/data", "one,");
        await AppendAsync("up/data", "two,", "", "three");
        Assert.Equal("one,two,three", await ReadAsync("up/data"));
        await using var writer = await Driver.OpenWriterAsync("up/data", Token);
        Assert.Equal(13, writer.Length);
        await writer.AppendAsync(ReadOnlySequence<byte>.Empty, Token);
        Assert.Equal(13, writer.Length);
    }

    [Fact]
    public async Task An_opened_writer_alone_makes_an_empty_file()
    {
        await using (await Driver.OpenWriterAsync("up/data", Token))
        {
        }
        Assert.Equal("", await ReadAsync("up/data"));
    }

    [Fact]
    public async Task A_large_file_is_read_at_any_offset()
    {
        var content = new byte[5 * 1024 * 1024 + 17];
        new Random(1).NextBytes(content);
        await using (var writer = await Driver.OpenWriterAsync("large", Token))
        {
            foreach (var piece in content.Chunk(700_001))
                await writer.AppendAsync(InPieces(piece), Token);
            await writer.FlushAsync(Token);
            Assert.Equal(content.Length, writer.Length);
        }
        await using var blob = await Driver.OpenAsync("large", Token);
        Assert.Equal(content.Length, blob!.Size);
        foreach (var offset in new[] { 0, 1, 4095, 700_000, 700_001, 3_000_000, content.Length - 5, content.Length, content.Length + 1000 })
        {
            var buffer = new byte[100_000];
            var length = await ReadFullyAsync(blob, offset, buffer);
            Assert.True(content.AsSpan(Math.Min(offset, content.Length)).StartsWith(buffer.AsSpan(0, length)));
            Assert.Equal(Math.Clamp(content.Length - offset, 0, buffer.Length), length);
        }
    }

    [Fact]
    public async Task A_move_takes_the_file_along_and_replaces_the_target()
    {
        await AppendAsync("up/data", "new");
        await WriteAsync("blobs/x/data", "old");
        await Driver.MoveAsync("up/data", "blobs/x/data", Token);
        Assert.Equal("new", await ReadAsync("blobs/x/data"));
        Assert.Null(await Driver.GetEntryAsync("up/data", Token));
        await Driver.MoveAsync("blobs/x/data", "far/away/in/new/folders", Token);
        Assert.Equal("new", await ReadAsync("far/away/in/new/folders"));
    }

    [Theory]
    [InlineData("nothing", "target")]
    [InlineData("source", "folder")]
    [InlineData("source", "folder/file/below")]
    public async Task A_move_that_cannot_be_done_is_a_fault_and_loses_nothing(string source, string target)
    {
        await WriteAsync("source", "kept");
        await WriteAsync("folder/file", "x");
        await Assert.ThrowsAsync<StorageException>(async () => await Driver.MoveAsync(source, target, Token));
        Assert.Equal("kept", await ReadAsync("source"));
        Assert.Equal("x", await ReadAsync("folder/file"));
        Assert.Null(await Driver.GetEntryAsync("target", Token));
    }

    [Fact]
    public async Task A_move_onto_itself_changes_nothing()
    {
        await WriteAsync("a/f", "kept");
        await Driver.MoveAsync("a/f", "a/f", Token);
        Assert.Equal("kept", await ReadAsync("a/f"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Deleting_takes_a_file_or_a_folder_with_all_that_is_in_it(bool durable)
    {
        await WriteAsync("a/b/c/d", "x");
        await WriteAsync("a/b/e", "x");
        await WriteAsync("a/f", "x");
        Assert.True(await Driver.DeleteAsync("a/b", durable, Token));
        Assert.False(await Driver.DeleteAsync("a/b", durable, Token));
        Assert.Equal(["f"], (await ListAsync("a")).Select(entry => entry.Name));
        Assert.True(await Driver.DeleteAsync("a/f", durable, Token));
        Assert.Null(await ReadAsync("a/f"));
        await WriteAsync("a/b/c/d", "again");
        Assert.Equal("again", await ReadAsync("a/b/c/d"));
    }

    /// <summary>Writes a small file.</summary>
    protected ValueTask WriteAsync(string path, string text) => Driver.WriteAsync(path, Encoding.UTF8.GetBytes(text), Token);

    /// <summary>Reads a small file; null when there is none.</summary>
    protected async ValueTask<string?> ReadAsync(string path) =>
        await Driver.ReadAsync(path, 1024 * 1024, Token) is { } content ? Encoding.UTF8.GetString(content) : null;

    private async ValueTask<List<StorageEntry>> ListAsync(string path) => await Driver.ListAsync(path, Token).ToListAsync(Token);

    private async ValueTask AppendAsync(string path, params string[] texts)
    {
        await using var writer = await Driver.OpenWriterAsync(path, Token);
        foreach (var text in texts)
            await writer.AppendAsync(new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(text)), Token);
        await writer.FlushAsync(Token);
    }

    private static async ValueTask<int> ReadFullyAsync(IBlob blob, long offset, byte[] buffer)
    {
        var length = 0;
        while (length < buffer.Length && await blob.ReadAsync(offset + length, buffer.AsMemory(length), Token) is var count and > 0)
            length += count;
        return length;
    }
}
