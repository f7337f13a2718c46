using System.Buffers;
using System.Text;
using PSRegistry.Storage.Drivers;
using PSRegistry.Testing.Storage;

namespace PSRegistry.Storage.Tests.Drivers;

public sealed class FileSystemDriverTests : StorageDriverSuite, IDisposable
{
    private readonly StorageFolder _folder = new();
    private readonly FileSystemDriver _driver;

    public FileSystemDriverTests() => _driver = new FileSystemDriver(_folder.FullPath);

    protected override IStorageDriver Driver => _driver;

    protected override bool IgnoresCase => OperatingSystem.IsWindows() || OperatingSystem.IsMacOS();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Nothing_is_left_beside_a_written_file()
    {
        for (var round = 0; round < 3; round++)
            await WriteAsync("a/link", $"{round}");
        Assert.Equal(["a/link"], _folder.Files);
    }

    [Fact]
    public async Task Nothing_is_left_beside_a_file_that_could_not_be_replaced()
    {
        Directory.CreateDirectory(_folder.At("a/link/inside"));
        await Assert.ThrowsAsync<StorageException>(async () => await WriteAsync("a/link", "x"));
        Assert.Empty(_folder.Files);
    }

    [Fact]
    public async Task Files_lie_where_their_paths_say()
    {
        await WriteAsync("docker/registry/v2/x", "content");
        Assert.Equal("content", await File.ReadAllTextAsync(_folder.At("docker/registry/v2/x"), Token));
        await File.WriteAllTextAsync(_folder.At("docker/registry/v2/y"), "by another hand", Token);
        Assert.Equal("by another hand", await ReadAsync("docker/registry/v2/y"));
    }

    [Fact]
    public async Task A_folder_that_another_process_removed_is_made_again()
    {
        await WriteAsync("a/b/link", "1");
        Directory.Delete(_folder.At("a"), recursive: true);
        await WriteAsync("a/b/link", "2");
        Assert.Equal("2", await ReadAsync("a/b/link"));
        Directory.Delete(_folder.FullPath, recursive: true);
        await WriteAsync("a/b/link", "3");
        Assert.Equal("3", await ReadAsync("a/b/link"));
    }

    [Fact]
    public void A_data_folder_is_made_with_all_around_it()
    {
        var driver = new FileSystemDriver(_folder.At("new/data") + Path.DirectorySeparatorChar);
        Assert.True(Directory.Exists(driver.RootDirectory));
        Assert.EndsWith("data", driver.RootDirectory, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_data_folder_that_is_a_file_is_a_fault()
    {
        await File.WriteAllTextAsync(_folder.At("file"), "x", Token);
        Assert.Throws<StorageException>(() => new FileSystemDriver(_folder.At("file/data")));
    }

    [Fact]
    public async Task A_tree_that_two_drivers_share_survives_the_writes_and_deletes_of_both()
    {
        var drivers = new[] { _driver, new FileSystemDriver(_folder.FullPath) };
        await Task.WhenAll(drivers.SelectMany(driver => Enumerable.Range(0, 2).Select(number => Task.Run(async () =>
        {
            for (var round = 0; round < 100; round++)
            {
                await driver.WriteAsync("tags/t/current/link", Encoding.ASCII.GetBytes($"{round}"), Token);
                await driver.DeleteAsync(number == 0 ? "tags/t" : "tags/t/current", durable: round % 2 == 0, Token);
            }
        }, Token))));
        Assert.DoesNotContain(_folder.Files, file => file.EndsWith(".tmp", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_listing_shows_what_others_put_there()
    {
        await WriteAsync("list/file", "x");
        File.CreateSymbolicLink(_folder.At("list/link-to-nothing"), _folder.At("nothing"));
        Directory.CreateSymbolicLink(_folder.At("list/folder"), _folder.FullPath);
        var entries = await Driver.ListAsync("list", Token).ToListAsync(Token);
        Assert.Equal([("file", false), ("folder", true), ("link-to-nothing", false)], entries.Select(entry => (entry.Name, entry.IsFolder)));
        Assert.Null(await ReadAsync("list/link-to-nothing"));
    }

    [Fact]
    public async Task An_upload_is_appended_to_while_another_reads_it()
    {
        await using var writer = await Driver.OpenWriterAsync("up/data", Token);
        for (var round = 1; round <= 5; round++)
        {
            await writer.AppendAsync(new ReadOnlySequence<byte>(new byte[100_000]), Token);
            Assert.Equal(round * 100_000, (await Driver.GetEntryAsync("up/data", Token))!.Value.Length);
        }
    }
}
