using System.Diagnostics;
using PSRegistry.Storage.Drivers;
using PSRegistry.Testing.Storage;

namespace PSRegistry.Storage.Tests.Drivers;

public sealed class ReplacedFilesTests : IDisposable
{
    private static readonly TimeSpan AlwaysSlow = TimeSpan.Zero, NeverSlow = TimeSpan.FromDays(1);
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(20), Never = TimeSpan.FromDays(1);
    private readonly StorageFolder _folder;

    public ReplacedFilesTests()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "files are kept open on Linux alone");
        _folder = new StorageFolder();
        File.WriteAllText(_folder.At("link"), "0");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Where_renames_are_slow_what_they_replace_stays_open()
    {
        var files = new ReplacedFiles(AlwaysSlow, keptFor: Never, Soon, keptAtMost: 10);
        // The first one tells that the disk is slow.
        for (var round = 1; round <= 3; round++)
            Replace(files, $"{round}");
        Assert.Equal(2, files.Count);
        Assert.Equal("3", File.ReadAllText(_folder.At("link")));
        Assert.Equal(2, OpenButDeleted());
    }

    [Fact]
    public async Task What_is_open_is_closed_in_time_every_time()
    {
        var files = new ReplacedFiles(AlwaysSlow, keptFor: Soon, Soon, keptAtMost: 1000);
        for (var time = 0; time < 3; time++)
        {
            for (var round = 0; round < 250; round++)
                Replace(files, $"{round}");
            await UntilAsync(() => files.Count == 0 && OpenButDeleted() == 0);
        }
    }

    [Fact]
    public async Task Nothing_is_closed_before_its_time()
    {
        var files = new ReplacedFiles(AlwaysSlow, keptFor: Never, betweenCloses: TimeSpan.FromMilliseconds(1), keptAtMost: 10);
        for (var round = 1; round <= 6; round++)
            Replace(files, $"{round}");
        await Task.Delay(200, TestContext.Current.CancellationToken);
        Assert.Equal(5, files.Count);
    }

    [Fact]
    public void Where_renames_are_quick_nothing_stays_open()
    {
        var files = new ReplacedFiles(NeverSlow, keptFor: Never, Soon, keptAtMost: 10);
        for (var round = 1; round <= 3; round++)
            Replace(files, $"{round}");
        Assert.Equal(0, files.Count);
        Assert.Equal("3", File.ReadAllText(_folder.At("link")));
    }

    [Fact]
    public void No_more_stay_open_than_a_bound()
    {
        var files = new ReplacedFiles(AlwaysSlow, keptFor: Never, Soon, keptAtMost: 3);
        for (var round = 1; round <= 10; round++)
            Replace(files, $"{round}");
        Assert.Equal(3, files.Count);
        Assert.Equal("10", File.ReadAllText(_folder.At("link")));
    }

    [Fact]
    public void A_file_that_is_gone_meanwhile_is_made_anew()
    {
        var files = new ReplacedFiles(AlwaysSlow, keptFor: Never, Soon, keptAtMost: 10);
        Replace(files, "1");
        File.Delete(_folder.At("link"));
        Replace(files, "2");
        Assert.Equal("2", File.ReadAllText(_folder.At("link")));
        Assert.Equal(0, files.Count);
    }

    private void Replace(ReplacedFiles files, string content)
    {
        File.WriteAllText(_folder.At("aside"), content);
        files.Replace(_folder.At("aside"), _folder.At("link"));
    }

    /// <summary>How many files of this folder the process has open that have no name any more.</summary>
    private int OpenButDeleted() => Directory.GetFileSystemEntries("/proc/self/fd")
        .Count(descriptor => new FileInfo(descriptor).LinkTarget is { } target
            && target.StartsWith(_folder.FullPath, StringComparison.Ordinal) && target.EndsWith(" (deleted)", StringComparison.Ordinal));

    private static async Task UntilAsync(Func<bool> condition)
    {
        var clock = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(clock.Elapsed < TimeSpan.FromMinutes(1), "not in a minute");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }
}
