using PSRegistry.Storage.Drivers;
using PSRegistry.Testing.Storage;

namespace PSRegistry.Storage.Tests;

public sealed class ListMemoryTests : IDisposable
{
    private readonly StorageFolder _folder = new();
    private readonly ListMemory<string[]> _lists;
    private int _reads;

    public ListMemoryTests()
    {
        Directory.CreateDirectory(_folder.At("top/one"));
        _lists = new ListMemory<string[]>(new FileSystemDriver(_folder.FullPath));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Of_many_who_ask_while_a_list_is_read_one_reads()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only on Linux can folders be proven");
        Assert.Null(await FindAsync());
        var begun = new TaskCompletionSource();
        var go = new TaskCompletionSource();
        var first = FindAsync(() =>
        {
            begun.SetResult();
            return go.Task;
        });
        await begun.Task.WaitAsync(Token);
        var others = Enumerable.Range(0, 20).Select(_ => FindAsync()).ToList();
        Assert.DoesNotContain(others, other => other.IsCompleted);
        go.SetResult();
        Assert.All(await Task.WhenAll([first, .. others]), list => Assert.Equal(["one"], list!));
        Assert.Equal(1, _reads);
    }

    [Fact]
    public async Task Who_waited_for_a_list_that_changed_after_it_was_read_gets_none()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only on Linux can folders be proven");
        await FindAsync();
        var begun = new TaskCompletionSource();
        var go = new TaskCompletionSource();
        var first = FindAsync(afterReading: () =>
        {
            begun.SetResult();
            return go.Task;
        });
        await begun.Task.WaitAsync(Token);
        Directory.CreateDirectory(_folder.At("top/two"));
        var late = FindAsync();
        go.SetResult();
        await first;
        Assert.Null(await late);
    }

    [Fact]
    public async Task A_reading_that_was_given_up_ends_the_waiting_and_is_tried_again()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only on Linux can folders be proven");
        await FindAsync();
        var go = new TaskCompletionSource();
        var first = FindAsync(() => go.Task);
        var other = FindAsync();
        go.SetCanceled(Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.Null(await other);
        Assert.Equal(["one"], (await FindAsync())!);
    }

    private Task<string[]?> FindAsync(Func<Task>? beforeReading = null, Func<Task>? afterReading = null) =>
        _lists.FindAsync("top", (watch, _) => ReadAsync(watch, beforeReading, afterReading), Token).AsTask();

    private async ValueTask<string[]?> ReadAsync(IFolderWatch watch, Func<Task>? before, Func<Task>? after)
    {
        Interlocked.Increment(ref _reads);
        Assert.True(watch.TryAdd("top"));
        await (before?.Invoke() ?? Task.CompletedTask);
        string[] names = [.. Directory.GetDirectories(_folder.At("top")).Select(Path.GetFileName).OfType<string>()];
        await (after?.Invoke() ?? Task.CompletedTask);
        return names;
    }
}
