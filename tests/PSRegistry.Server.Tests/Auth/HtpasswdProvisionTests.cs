using PSRegistry.Server.Auth;
using PSRegistry.Server.Configuration;
using PSRegistry.Testing;

namespace PSRegistry.Server.Tests.Auth;

public sealed class HtpasswdProvisionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_missing_file_is_made_for_its_owner_with_a_user_whose_password_works()
    {
        var path = _folder["new", "users"];
        var user = HtpasswdProvision.MakeIfMissing(path)!;
        Assert.Equal(("docker", true), (user.Name, user.Password.Length >= 40));
        Assert.True(HtpasswdUsers.Parse(File.ReadAllText(path)).Find("docker")!.Hash.Verify(user.Password));
        Assert.Equal(["users"], Directory.EnumerateFiles(_folder["new"]).Select(Path.GetFileName));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_folder["new"]));
        }
        Assert.Null(HtpasswdProvision.MakeIfMissing(path));
    }

    [Fact]
    public async Task A_start_that_fails_leaves_no_file_with_a_password_that_nobody_was_told()
    {
        await using var first = await TestRegistry.StartAsync();
        var taken = first.Http.Address.Port;
        var failure = await Assert.ThrowsAsync<RegistryStartException>(() => TestRegistry.StartAsync(configuration => configuration with
        {
            Auth = new AuthConfiguration { Htpasswd = new HtpasswdConfiguration("here", _folder["users"]) },
            Http = configuration.Http with { Addr = new ListenAddress("127.0.0.1", taken) },
        }));
        Assert.Equal(StartFailure.Address, failure.Failure);
        Assert.False(File.Exists(_folder["users"]));
    }

    [Fact]
    public void A_file_that_is_there_stays_as_it_is()
    {
        File.WriteAllText(_folder["users"], "");
        Assert.Null(HtpasswdProvision.MakeIfMissing(_folder["users"]));
        Assert.Equal("", File.ReadAllText(_folder["users"]));
    }

    [Fact]
    public void Of_many_that_make_it_at_once_one_tells_a_password_and_that_works()
    {
        var made = Enumerable.Range(0, 8).AsParallel().WithDegreeOfParallelism(8).Select(_ => HtpasswdProvision.MakeIfMissing(_folder["users"])).OfType<NewUser>().ToList();
        Assert.True(HtpasswdUsers.Parse(File.ReadAllText(_folder["users"])).Find("docker")!.Hash.Verify(Assert.Single(made).Password));
        Assert.Single(Directory.EnumerateFiles(_folder.Path));
    }

    [Fact]
    public void A_file_that_cannot_be_made_stops_the_start()
    {
        File.WriteAllText(_folder["file"], "");
        var fault = Assert.Throws<RegistryStartException>(() => HtpasswdProvision.MakeIfMissing(_folder["file", "users"]));
        Assert.Contains(_folder["file", "users"], fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ann", "secret", true)]
    [InlineData("Jürgen", "a:b c", true)]
    [InlineData("", "secret", false)]
    [InlineData(" ann", "secret", false)]
    [InlineData("#ann", "secret", false)]
    [InlineData("a:b", "secret", false)]
    [InlineData("a\nb", "secret", false)]
    [InlineData("ann", "", false)]
    [InlineData("ann", "a\0b", false)]
    [InlineData("ann", "0123456789012345678901234567890123456789012345678901234567890123456789€", false)]
    public void A_line_is_made_where_it_can_be_read_again(string user, string password, bool made)
    {
        Assert.Equal(made, HtpasswdLine.TryMake(user, password, 4, out var line, out var reason));
        Assert.NotEqual(made, reason.Length > 0);
        if (made)
            Assert.True(HtpasswdUsers.Parse(line).Find(user)!.Hash.Verify(password));
    }

    [Fact]
    public void A_cost_out_of_bcrypts_range_is_refused() => Assert.False(HtpasswdLine.TryMake("ann", "secret", 32, out _, out _));
}
