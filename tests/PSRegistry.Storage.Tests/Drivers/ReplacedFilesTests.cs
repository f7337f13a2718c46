using System.Diagnostics;
using PSRegistry.Storage.Drivers;
using PSRegistry.Testing.Storage;

namespace PSRegistry.Storage.Tests.Drivers;

public sealed class ReplacedFilesTests : IDisposable
{
    private static readonly TimeSpan AlwaysSlow = TimeSpan.Zero, NeverSlow = TimeSpan.FromDays(1), NeverQuiet = TimeSpan.FromDays(1);
    private readonly StorageFolder _folder = new();

    public ReplacedFilesTests() => Assert.SkipUnless(OperatingSystem.IsLinux(), "files get a second name on Linux alone");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Where_renames_are_slow_what_they_replace_is_kept_for_a_while()
    {
        var files = new ReplacedFiles(Kept, AlwaysSlow, NeverQuiet);
        File.WriteAllText(_folder.At("link"), "0");
        for (var round = 1; round <= 3; round++)
            Replace(files, $"{round}");
        Assert.Equal("3", File.ReadAllText(_folder.At("link")));
        // The first one told that the disk is slow, and what it replaced is gone.
        Assert.Equal(["1", "2"], Directory.GetFiles(Kept).Select(File.ReadAllText).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_was_kept_goes_when_nothing_is_replaced_any_more()
    {
        var files = new ReplacedFiles(Kept, AlwaysSlow, quiet: TimeSpan.FromSeconds(0.1));
        for (var time = 0; time < 2; time++)
        {
            for (var round = 0; round < 250; round++)
                Replace(files, $"{round}");
            Assert.NotEmpty(Directory.GetFiles(Kept));
            await KeptIsGoneAsync();
            Assert.Equal(["link"], _folder.Files);
        }
    }

    [Fact]
    public async Task What_a_killed_process_kept_goes_when_the_next_one_starts()
    {
        Directory.CreateDirectory(Kept);
        await File.WriteAllTextAsync(Path.Join(Kept, "1"), "x", TestContext.Current.CancellationToken);
        _ = new ReplacedFiles(Kept);
        await KeptIsGoneAsync();
    }

    [Fact]
    public void Where_renames_are_quick_nothing_is_kept()
    {
        var files = new ReplacedFiles(Kept, NeverSlow, NeverQuiet);
        for (var round = 0; round <= 3; round++)
            Replace(files, $"{round}");
        Assert.Equal(["link"], _folder.Files);
    }

    [Fact]
    public void No_more_is_kept_than_a_bound()
    {
        var files = new ReplacedFiles(Kept, AlwaysSlow, NeverQuiet);
        for (var round = 0; round < ReplacedFiles.KeptAtMost + 10; round++)
            Replace(files, $"{round}");
        Assert.Equal(ReplacedFiles.KeptAtMost, Directory.GetFiles(Kept).Length);
        Assert.Equal($"{ReplacedFiles.KeptAtMost + 9}", File.ReadAllText(_folder.At("link")));
    }

    [Fact]
    public void Where_nothing_can_be_kept_files_are_replaced_all_the_same()
    {
        File.WriteAllText(Kept, "no folder");
        var files = new ReplacedFiles(Kept, AlwaysSlow, NeverQuiet);
        for (var round = 0; round <= 3; round++)
            Replace(files, $"{round}");
        Assert.Equal("3", File.ReadAllText(_folder.At("link")));
        Assert.Equal(["kept", "link"], _folder.Files);
    }

    [Fact]
    public void A_file_that_is_gone_meanwhile_is_made_anew()
    {
        var files = new ReplacedFiles(Kept, AlwaysSlow, NeverQuiet);
        Replace(files, "1");
        Replace(files, "2");
        File.Delete(_folder.At("link"));
        Replace(files, "3");
        Assert.Equal("3", File.ReadAllText(_folder.At("link")));
    }

    private string Kept => _folder.At("kept");

    private void Replace(ReplacedFiles files, string content)
    {
        File.WriteAllText(_folder.At("aside"), content);
        files.Replace(_folder.At("aside"), _folder.At("link"));
    }

    private async Task KeptIsGoneAsync()
    {
        var clock = Stopwatch.StartNew();
        while (Directory.Exists(Kept))
        {
            Assert.True(clock.Elapsed < TimeSpan.FromMinutes(1), "what was kept is still there after a minute");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }
}
