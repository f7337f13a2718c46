using CsCheck;
using PSRegistry.Storage.Drivers;
using PSRegistry.Testing.Storage;

namespace PSRegistry.Storage.Tests.Drivers;

/// <summary>The guard of file systems that ignore letter case, tried on one that may not.</summary>
public sealed class FileSystemPathsTests : IDisposable
{
    private readonly StorageFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_path_stays_below_the_root() => Gen.String[Gen.Char["ab./\\_:"], 0, 12].Sample(path =>
    {
        var paths = new FileSystemPaths(_folder.FullPath, ignoresCase: false);
        if (path.Split('/').Any(segment => segment is "" or "." or "..") || path.Contains('\\', StringComparison.Ordinal))
            Assert.Throws<ArgumentException>(() => paths.ToFull(path));
        else
            Assert.StartsWith(paths.Root + Path.DirectorySeparatorChar, Path.GetFullPath(paths.ToFull(path)), StringComparison.Ordinal);
    }, iter: 2000);

    [Fact]
    public void A_second_spelling_is_not_found_and_not_written()
    {
        var paths = new FileSystemPaths(_folder.FullPath, ignoresCase: true);
        Touch("tags/latest/current/link");
        var same = paths.ToFull("tags/latest/current/link");
        var other = paths.ToFull("tags/Latest/current/link");
        Assert.True(paths.IsSpelledSo(same));
        paths.RefuseOtherSpelling(same);
        Assert.False(paths.IsSpelledSo(other));
        var refusal = Assert.Throws<IOException>(() => paths.RefuseOtherSpelling(other));
        Assert.Contains(_folder.At("tags/latest"), refusal.Message, StringComparison.Ordinal);
        Assert.Contains("ignores letter case", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tags/v1/current/link")]
    [InlineData("tags/latest.1/current/link")]
    [InlineData("other/Latest")]
    [InlineData("tags/latest/current/other")]
    public void Another_name_is_no_second_spelling(string path)
    {
        var paths = new FileSystemPaths(_folder.FullPath, ignoresCase: true);
        Touch("tags/latest/current/link");
        Assert.True(paths.IsSpelledSo(paths.ToFull(path)));
        paths.RefuseOtherSpelling(paths.ToFull(path));
    }

    [Fact]
    public void The_same_spelling_wins_where_both_are_on_the_disk()
    {
        if (OperatingSystem.IsWindows() || OperatingSystem.IsMacOS())
            Assert.Skip("Here no folder can hold both.");
        var paths = new FileSystemPaths(_folder.FullPath, ignoresCase: true);
        Touch("tags/latest/link");
        Touch("tags/Latest/link");
        Touch("tags/LATEST/link");
        Assert.True(paths.IsSpelledSo(paths.ToFull("tags/Latest/link")));
        Assert.True(paths.IsSpelledSo(paths.ToFull("tags/latest/link")));
        Assert.False(paths.IsSpelledSo(paths.ToFull("tags/laTest/link")));
    }

    [Fact]
    public async Task A_driver_that_ignores_case_sees_no_file_folder_or_listing_under_another_spelling()
    {
        var token = TestContext.Current.CancellationToken;
        Touch("tags/latest/link");
        var driver = new FileSystemDriver(new FileSystemPaths(_folder.FullPath, ignoresCase: true));
        Assert.NotNull(await driver.GetEntryAsync("tags/latest", token));
        Assert.Null(await driver.GetEntryAsync("tags/Latest", token));
        Assert.Null(await driver.GetEntryAsync("tags/Latest/link", token));
        Assert.Null(await driver.ReadAsync("tags/Latest/link", 10, token));
        Assert.Empty(await driver.ListAsync("tags/Latest", token).ToListAsync(token));
        Assert.False(await driver.DeleteAsync("tags/Latest", cancellationToken: token));
        var fault = await Assert.ThrowsAsync<StorageException>(async () => await driver.WriteAsync("tags/Latest/link", new byte[1], token));
        Assert.Contains("ignores letter case", fault.Message, StringComparison.Ordinal);
        Assert.Equal(["tags/latest/link"], _folder.Files);
    }

    private void Touch(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder.At(path))!);
        File.WriteAllText(_folder.At(path), "x");
    }
}
