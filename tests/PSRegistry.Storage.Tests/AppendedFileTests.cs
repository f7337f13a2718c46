using System.Text;
using PSRegistry.Testing;

namespace PSRegistry.Storage.Tests;

/// <summary>Lines at the end of a file that others write to, rename and tear.</summary>
public sealed class AppendedFileTests : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Log => _folder["log"];

    public async ValueTask DisposeAsync() => await _folder.DisposeAsync();

    [Fact]
    public async Task What_many_append_at_once_is_there_whole()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "one program may append there");
        await Task.WhenAll(Enumerable.Range(0, 4).Select(writer => Task.Run(() =>
        {
            for (var i = 0; i < 100; i++)
                Append($"{writer} {i} {new string('x', i * 10)}");
        }, Token)));
        var lines = File.ReadAllLines(Log).Select(line => line.Split(' ')).ToList();
        Assert.Equal(400, lines.Count);
        Assert.All(lines, parts => Assert.Equal(int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture) * 10, parts[2].Length));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Log));
    }

    [Fact]
    public async Task Behind_a_part_of_a_line_a_new_one_begins()
    {
        Append("a");
        await File.AppendAllTextAsync(Log, "to", Token);
        Append("b", mayBeTorn: true);
        Append("c", mayBeTorn: true);
        Assert.Equal(["a", "to", "b", "c"], await File.ReadAllLinesAsync(Log, Token));
    }

    [Fact]
    public async Task An_empty_file_and_none_begin_with_the_first_line()
    {
        AppendedFile.Append(Log, [], mayBeTorn: false);
        Assert.Equal(0, new FileInfo(Log).Length);
        Append("a", mayBeTorn: true);
        Assert.Equal("a\n", await File.ReadAllTextAsync(Log, Token));
    }

    [Fact]
    public void Where_there_is_no_folder_nothing_is_made()
    {
        Assert.Throws<DirectoryNotFoundException>(() => AppendedFile.Append(_folder["missing", "log"], "a\n"u8, mayBeTorn: true));
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    private void Append(string line, bool mayBeTorn = false) => AppendedFile.Append(Log, Encoding.UTF8.GetBytes(line + "\n"), mayBeTorn);
}
