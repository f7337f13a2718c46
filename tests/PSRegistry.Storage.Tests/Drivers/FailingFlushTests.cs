using System.Text;
using PSRegistry.Storage.Drivers;
using PSRegistry.Testing.Storage;

namespace PSRegistry.Storage.Tests.Drivers;

/// <summary>A disk that takes what is written, and fails when it is to be kept.</summary>
public sealed class FailingFlushTests : IDisposable
{
    private const int InputOutputError = 5;

    private static readonly byte[] Content = Encoding.ASCII.GetBytes("1");
    private static readonly DateTime LongAgo = new(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc);

    private readonly StorageFolder _folder = new();
    private readonly GroupCommit _group;
    private readonly GroupedChanges _changes;
    private readonly Queue<int> _errors = new();
    private int _flushes;

    public FailingFlushTests()
    {
        var group = GroupCommit.TryOpen(_folder.FullPath, Flush);
        if (group is null)
            _folder.Dispose();
        Assert.SkipWhen(group is null, "this file system takes no changes in groups");
        _group = group;
        _changes = new GroupedChanges(new FileSystemPaths(_folder.FullPath), new DurableFolders(_folder.FullPath), group, new ReplacedFiles());
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_was_to_be_written_is_told_and_leaves_nothing_behind()
    {
        _errors.Enqueue(InputOutputError);
        var fault = await Assert.ThrowsAsync<StorageException>(() => ApplyAsync(StorageChange.Write("a/1", Content), StorageChange.Write("b/2", Content)));
        Assert.Contains($"error {InputOutputError}", fault.ToString(), StringComparison.Ordinal);
        Assert.Empty(_folder.Files);
        Assert.Equal(1, _flushes);
        Assert.True(_group.HasFailed);
    }

    [Fact]
    public async Task What_had_its_name_already_keeps_it_whole_and_is_told_as_well()
    {
        _errors.Enqueue(0);
        _errors.Enqueue(InputOutputError);
        await Assert.ThrowsAsync<StorageException>(() => ApplyAsync(StorageChange.Write("a/1", Content)));
        Assert.Equal(["a/1"], _folder.Files);
        Assert.Equal(Content, await File.ReadAllBytesAsync(_folder.At("a/1"), Token));
    }

    [Fact]
    public async Task It_fails_everyone_it_was_for_and_nobody_who_comes_after()
    {
        // While the group is busy with this one, the next two come into one round, whose flush fails.
        using var gate = new ManualResetEventSlim();
        _errors.Enqueue(0);
        _errors.Enqueue(InputOutputError);
        var renamed = _group.PublishAsync(() => { }, () => gate.Wait(Token));
        while (Volatile.Read(ref _flushes) == 0)
            await Task.Delay(1, Token);
        var (first, second) = (ApplyAsync(StorageChange.Write("a/1", Content)), ApplyAsync(StorageChange.Write("a/2", Content)));
        gate.Set();
        await Assert.ThrowsAsync<IOException>(() => renamed);
        await Assert.ThrowsAsync<StorageException>(() => first);
        await Assert.ThrowsAsync<StorageException>(() => second);
        Assert.Empty(_folder.Files);

        await ApplyAsync(StorageChange.Write("a/3", Content));
        Assert.Equal(["a/3"], _folder.Files);
    }

    [Fact]
    public async Task Afterwards_a_file_that_seems_to_hold_its_content_is_written_again()
    {
        await ApplyAsync(StorageChange.Write("a/1", Content));
        File.SetLastWriteTimeUtc(_folder.At("a/1"), LongAgo);
        _errors.Enqueue(InputOutputError);
        await Assert.ThrowsAsync<StorageException>(() => ApplyAsync(StorageChange.Write("a/2", Content)));
        await ApplyAsync(StorageChange.Write("a/1", Content));
        Assert.NotEqual(LongAgo, File.GetLastWriteTimeUtc(_folder.At("a/1")));
    }

    private async Task ApplyAsync(params StorageChange[] changes) => await _changes.ApplyAsync(changes);

    private int Flush(int descriptor)
    {
        Interlocked.Increment(ref _flushes);
        return _errors.TryDequeue(out var error) ? error : LinuxCalls.FlushFileSystem(descriptor);
    }
}
