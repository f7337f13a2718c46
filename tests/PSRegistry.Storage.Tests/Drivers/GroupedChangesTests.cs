using System.Text;
using PSRegistry.Storage.Drivers;
using PSRegistry.Testing.Storage;

namespace PSRegistry.Storage.Tests.Drivers;

public sealed class GroupedChangesTests : IDisposable
{
    private static readonly DateTime LongAgo = new(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc);
    private readonly StorageFolder _folder = new();
    private readonly GroupedChanges _changes;

    public GroupedChangesTests()
    {
        var group = GroupCommit.TryOpen(_folder.FullPath);
        Assert.SkipWhen(group is null, "this file system takes no changes in groups");
        var replaced = new ReplacedFiles(_folder.At("replaced"), slow: TimeSpan.Zero, quiet: TimeSpan.FromDays(1));
        _changes = new GroupedChanges(new FileSystemPaths(_folder.FullPath), new DurableFolders(_folder.FullPath), group, replaced);
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(71)]
    [InlineData(4096)]
    [InlineData(100_000)]
    public async Task A_file_that_holds_the_content_already_is_left_as_it_is(int length)
    {
        var content = Content(length);
        await ApplyAsync(StorageChange.Write("a/file", content));
        File.SetLastWriteTimeUtc(_folder.At("a/file"), LongAgo);
        await ApplyAsync(StorageChange.Write("a/file", content), StorageChange.Write("a/other", content));
        Assert.Equal(LongAgo, File.GetLastWriteTimeUtc(_folder.At("a/file")));
        Assert.Equal(content, await File.ReadAllBytesAsync(_folder.At("a/other"), TestContext.Current.CancellationToken));
        Assert.Equal(["a/file", "a/other"], Files);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(70)]
    [InlineData(4096)]
    [InlineData(99_999)]
    [InlineData(100_000)]
    [InlineData(100_001)]
    public async Task A_file_that_is_cut_too_long_or_damaged_is_mended(int length)
    {
        var content = Content(100_000);
        var damaged = Content(length);
        if (length == content.Length)
            damaged[^1] ^= 1;
        Directory.CreateDirectory(_folder.At("a"));
        await File.WriteAllBytesAsync(_folder.At("a/file"), damaged, TestContext.Current.CancellationToken);
        await ApplyAsync(StorageChange.Write("a/file", content));
        Assert.Equal(content, await File.ReadAllBytesAsync(_folder.At("a/file"), TestContext.Current.CancellationToken));
        Assert.Equal(["a/file"], Files);
    }

    [Fact]
    public async Task Changes_after_one_that_was_made_before_are_made()
    {
        var (first, second) = (Encoding.ASCII.GetBytes("1"), Encoding.ASCII.GetBytes("2"));
        await ApplyAsync(StorageChange.Write("a/1", first), StorageChange.Write("a/2", first), StorageChange.Write("a/3", first));
        await ApplyAsync(StorageChange.Write("a/1", first), StorageChange.Write("a/2", second), StorageChange.Remove("a/3"), StorageChange.Move("a/1", "b/1"));
        Assert.Equal(["a/2", "b/1"], Files);
        Assert.Equal("2", await File.ReadAllTextAsync(_folder.At("a/2"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task What_an_earlier_change_takes_away_is_written_again()
    {
        var (first, second) = (Encoding.ASCII.GetBytes("1"), Encoding.ASCII.GetBytes("2"));
        var all = new[] { StorageChange.Write("a/1", first), StorageChange.Write("b/1", first), StorageChange.Write("c/1", first), StorageChange.Write("d/1", first) };
        await ApplyAsync(all);
        await ApplyAsync([StorageChange.Remove("a/1"), StorageChange.Remove("b"), StorageChange.Write("c/1", second), StorageChange.Move("d/1", "e/1"), .. all]);
        Assert.Equal(["a/1", "b/1", "c/1", "d/1", "e/1"], Files);
        Assert.Equal("1", await File.ReadAllTextAsync(_folder.At("c/1"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Only_small_files_are_kept_for_a_while_when_they_are_replaced()
    {
        foreach (var round in (byte[])[1, 2, 3])
        {
            byte[] small = [round], large = [.. Content(ReplacedFiles.LargestKept), round];
            await ApplyAsync(StorageChange.Write("a/small", small), StorageChange.Write("a/large", large));
        }
        var kept = Assert.Single(Directory.GetFiles(_folder.At("replaced")));
        Assert.Equal([2], await File.ReadAllBytesAsync(kept, TestContext.Current.CancellationToken));
    }

    private IEnumerable<string> Files => _folder.Files.Where(static file => !file.StartsWith("replaced/", StringComparison.Ordinal));

    private static byte[] Content(int length) => [.. Enumerable.Range(0, length).Select(static at => (byte)(at * 7 % 251))];

    private async Task ApplyAsync(params StorageChange[] changes) => await _changes.ApplyAsync(changes);
}
