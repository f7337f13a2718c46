using PSRegistry.Testing;

namespace PSRegistry.Storage.Tests;

/// <summary>Files and folders that are nobody's business but their owner's.</summary>
public sealed class OwnerOnlyFileTests : IAsyncDisposable
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly TemporaryFolder _folder = new();

    public async ValueTask DisposeAsync() => await _folder.DisposeAsync();

    [Theory]
    [InlineData("a")]
    [InlineData("a/b/c")]
    [InlineData("a/b/c/")]
    public void A_folder_is_made_with_those_around_it_for_the_owner_alone(string name)
    {
        OwnerOnlyFile.MakeFolder(_folder[name]);
        OwnerOnlyFile.MakeFolder(_folder[name]);
        Assert.True(Directory.Exists(_folder[name]));
        for (var made = Path.TrimEndingDirectorySeparator(_folder[name]); !OperatingSystem.IsWindows() && made != _folder.Path; made = Path.GetDirectoryName(made)!)
            Assert.Equal(Owner | UnixFileMode.UserExecute, File.GetUnixFileMode(made));
    }

    [Fact]
    public void A_file_in_the_place_of_a_folder_is_a_fault()
    {
        File.WriteAllText(_folder["file"], "");
        Assert.Throws<IOException>(() => OwnerOnlyFile.MakeFolder(_folder["file"]));
        Assert.Throws<IOException>(() => OwnerOnlyFile.MakeFolder(_folder["file", "inside"]));
    }
}
