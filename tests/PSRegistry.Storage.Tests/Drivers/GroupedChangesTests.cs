using System.Text;
using PSRegistry.Storage.Drivers;
using PSRegistry.Testing.Storage;

namespace PSRegistry.Storage.Tests.Drivers;

public sealed class GroupedChangesTests : IDisposable
{
    private static readonly DateTime LongAgo = new(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc);
    private readonly StorageFolder _folder = new();
    private readonly ReplacedFiles _replaced;
    private readonly GroupCommit _group;
    private readonly GroupedChanges _changes;

    public GroupedChangesTests()
    {
        var group = GroupCommit.TryOpen(_folder.FullPath);
        if (group is null)
            _folder.Dispose();
        Assert.SkipWhen(group is null, "this file system takes no changes in groups");
        _group = group;
        _replaced = new ReplacedFiles(slow: TimeSpan.Zero, keptFor: TimeSpan.FromDays(1), betweenCloses: TimeSpan.FromDays(1), keptAtMost: 100);
        _changes = new GroupedChanges(new FileSystemPaths(_folder.FullPath), new DurableFolders(_folder.FullPath), group, _replaced);
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
        Assert.Equal(["a/file", "a/other"], _folder.Files);
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
        Assert.Equal(["a/file"], _folder.Files);
    }

    [Fact]
    public async Task Changes_after_one_that_was_made_before_are_made()
    {
        var (first, second) = (Encoding.ASCII.GetBytes("1"), Encoding.ASCII.GetBytes("2"));
        await ApplyAsync(StorageChange.Write("a/1", first), StorageChange.Write("a/2", first), StorageChange.Write("a/3", first));
        await ApplyAsync(StorageChange.Write("a/1", first), StorageChange.Write("a/2", second), StorageChange.Remove("a/3"), StorageChange.Move("a/1", "b/1"));
        Assert.Equal(["a/2", "b/1"], _folder.Files);
        Assert.Equal("2", await File.ReadAllTextAsync(_folder.At("a/2"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task What_an_earlier_change_takes_away_is_written_again()
    {
        var (first, second) = (Encoding.ASCII.GetBytes("1"), Encoding.ASCII.GetBytes("2"));
        var all = new[] { StorageChange.Write("a/1", first), StorageChange.Write("b/1", first), StorageChange.Write("c/1", first), StorageChange.Write("d/1", first) };
        await ApplyAsync(all);
        await ApplyAsync([StorageChange.Remove("a/1"), StorageChange.Remove("b"), StorageChange.Write("c/1", second), StorageChange.Move("d/1", "e/1"), .. all]);
        Assert.Equal(["a/1", "b/1", "c/1", "d/1", "e/1"], _folder.Files);
        Assert.Equal("1", await File.ReadAllTextAsync(_folder.At("c/1"), TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("2")]
    public async Task What_another_process_deletes_or_replaces_before_the_answer_is_written_again(string? other)
    {
        var content = Encoding.ASCII.GetBytes("1");
        await ApplyAsync(StorageChange.Write("a/file", content));
        // While the group waits for this one, the next two come into one round: both write, both wait for the flush, the first one publishes first.
        using var gate = new ManualResetEventSlim();
        var busy = _group.PublishAsync(() => gate.Wait(TestContext.Current.CancellationToken), () => { });
        var interference = _group.PublishAsync(() => { }, () => Interfere(other));
        var change = ApplyAsync(StorageChange.Write("a/file", content), StorageChange.Write("a/next", content));
        gate.Set();
        await Task.WhenAll(busy, interference, change);
        Assert.Equal("1", await File.ReadAllTextAsync(_folder.At("a/file"), TestContext.Current.CancellationToken));
        Assert.Equal(["a/file", "a/next"], _folder.Files);
    }

    [Fact]
    public async Task A_link_to_elsewhere_that_holds_the_content_is_followed_and_one_to_itself_is_replaced()
    {
        var content = Encoding.ASCII.GetBytes("1");
        await ApplyAsync(StorageChange.Write("a/file", content));
        File.CreateSymbolicLink(_folder.At("a/link"), _folder.At("a/file"));
        File.CreateSymbolicLink(_folder.At("a/loop"), _folder.At("a/loop"));
        await ApplyAsync(StorageChange.Write("a/link", content), StorageChange.Write("a/loop", content));
        Assert.NotNull(new FileInfo(_folder.At("a/link")).LinkTarget);
        Assert.Null(new FileInfo(_folder.At("a/loop")).LinkTarget);
        Assert.Equal("1", await File.ReadAllTextAsync(_folder.At("a/loop"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Only_small_files_stay_open_when_they_are_replaced()
    {
        foreach (var round in (byte[])[1, 2, 3])
        {
            byte[] small = [round], large = [.. Content(ReplacedFiles.LargestKept), round];
            await ApplyAsync(StorageChange.Write("a/small", small), StorageChange.Write("a/large", large));
        }
        // The first file replaced none, and the second told that the disk is slow.
        Assert.Equal(1, _replaced.Count);
    }

    private void Interfere(string? content)
    {
        // The system's clock goes in steps.
        Thread.Sleep(20);
        File.Delete(_folder.At("a/file"));
        if (content is not null)
            File.WriteAllText(_folder.At("a/file"), content);
    }

    private static byte[] Content(int length) => [.. Enumerable.Range(0, length).Select(static at => (byte)(at * 7 % 251))];

    private async Task ApplyAsync(params StorageChange[] changes) => await _changes.ApplyAsync(changes);
}
