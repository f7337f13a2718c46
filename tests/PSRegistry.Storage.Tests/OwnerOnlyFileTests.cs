using PSRegistry.Testing;

namespace PSRegistry.Storage.Tests;

/// <summary>Files and folders that are nobody's business but their owner's.</summary>
public sealed class OwnerOnlyFileTests : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();

    public async ValueTask DisposeAsync() => await _folder.DisposeAsync();

    [Theory]
    [InlineData("a")]
    [InlineData("a/b/c")]
    [InlineData("a/b/c/")]
    public void A_folder_is_made_for_its_owner_alone_and_those_around_it_as_any(string name)
    {
        OwnerOnlyFile.MakeFolder(_folder[name]);
        OwnerOnlyFile.MakeFolder(_folder[name]);
        Assert.True(Directory.Exists(_folder[name]));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_folder[name]));
    }

    [Fact]
    public void Of_several_that_make_a_file_at_once_one_does_and_its_file_holds()
    {
        var makers = new string?[4];
        for (var round = 0; round < 50; round++)
        {
            var file = _folder[$"{round}"];
            using var barrier = new Barrier(makers.Length);
            var threads = makers.Select((_, i) => new Thread(() =>
            {
                barrier.SignalAndWait();
                makers[i] = OwnerOnlyFile.TryMake(file, $"{i}") ? $"{i}" : null;
            })).ToList();
            threads.ForEach(thread => thread.Start());
            threads.ForEach(thread => thread.Join());
            Assert.Equal(File.ReadAllText(file), Assert.Single(makers, maker => maker is not null));
        }
        Assert.Equal(50, Directory.GetFiles(_folder.Path).Length);
    }

    [Fact]
    public void A_file_in_the_place_of_a_folder_is_a_fault()
    {
        File.WriteAllText(_folder["file"], "");
        Assert.Throws<IOException>(() => OwnerOnlyFile.MakeFolder(_folder["file"]));
        Assert.ThrowsAny<IOException>(() => OwnerOnlyFile.MakeFolder(_folder["file", "inside"]));
    }
}
