using System.Globalization;
using PSRegistry.Storage.Drivers;
using PSRegistry.Testing.Storage;

namespace PSRegistry.Storage.Tests.Drivers;

public sealed class FolderMarkTests : IDisposable
{
    private readonly StorageFolder _folder = new();

    public FolderMarkTests() => Assert.SkipUnless(LocalFileSystem.Holds(_folder.FullPath), "folders are watched on local file systems of Linux alone");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_mark_breaks_when_a_name_in_its_folder_changes_and_not_when_one_elsewhere_does()
    {
        using var watcher = FolderWatcher.TryOpen(_folder.FullPath)!;
        Directory.CreateDirectory(_folder.At("one"));
        Directory.CreateDirectory(_folder.At("two"));
        var (one, two) = (watcher.Mark(_folder.At("one"))!, watcher.Mark(_folder.At("two"))!);
        Directory.CreateDirectory(_folder.At("one/inside"));
        Assert.False(one.IsBroken);
        watcher.Hear();
        Assert.Equal((true, false), (one.IsBroken, two.IsBroken));
        Assert.Null(watcher.Mark(_folder.At("nowhere")));
    }

    [Fact]
    public void A_mark_takes_nothing_from_a_list_that_is_watched_and_a_list_takes_the_folder_of_a_mark()
    {
        using var watcher = FolderWatcher.TryOpen(_folder.FullPath)!;
        Directory.CreateDirectory(_folder.At("one"));
        var mark = watcher.Mark(_folder.At("one"))!;
        using var watch = new FolderWatch(watcher, new FileSystemPaths(_folder.FullPath), "one");
        Assert.True(watch.TryAdd("one"));
        Assert.True(mark.IsBroken);
        Assert.Null(watcher.Mark(_folder.At("one")));
        Assert.True(watch.IsUnchanged());
    }

    [Fact]
    public void More_changes_than_the_system_keeps_break_all_marks_and_leave_room_for_as_many()
    {
        var kept = int.Parse(File.ReadAllText("/proc/sys/fs/inotify/max_queued_events"), CultureInfo.InvariantCulture);
        Assert.SkipWhen(kept > 40_000, "the system keeps more changes than a test can make");
        using var watcher = FolderWatcher.TryOpen(_folder.FullPath)!;
        Directory.CreateDirectory(_folder.At("quiet"));
        var quiet = watcher.Mark(_folder.At("quiet"))!;
        // Each that changes is told of twice: of the change, and of the end of its watch.
        var folders = Enumerable.Range(0, (kept / 2) + 100).Select(number => _folder.At($"f{number}")).ToList();
        var marks = new List<FolderMark>();
        foreach (var folder in folders)
        {
            Directory.CreateDirectory(folder);
            if (watcher.Mark(folder) is { } mark)
                marks.Add(mark);
        }
        Assert.SkipUnless(marks.Count == folders.Count, "the system allows too few watches");
        folders.ForEach(folder => Directory.CreateDirectory(Path.Combine(folder, "inside")));
        watcher.Hear();
        Assert.True(quiet.IsBroken);
        Assert.All(marks, mark => Assert.True(mark.IsBroken));
        Assert.Equal(0, watcher.Marks);
        Assert.False(watcher.Mark(_folder.At("quiet"))!.IsBroken);
        Assert.Equal(1, watcher.Marks);
        watcher.ForgetMarks();
        Assert.Equal(0, watcher.Marks);
    }
}
