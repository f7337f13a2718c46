using Microsoft.Extensions.Logging.Abstractions;
using PSRegistry.Server.Auth;
using PSRegistry.Testing;

namespace PSRegistry.Server.Tests.Auth;

/// <summary>The file changes while it is served.</summary>
public sealed class HtpasswdFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly HtpasswdFile _file;

    public HtpasswdFileTests() => _file = new HtpasswdFile(Path, NullLogger.Instance);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Path => _folder["users"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_user_who_is_added_may_come_in_and_one_who_is_removed_may_not()
    {
        Write(Line("ann"));
        Assert.NotNull(_file.Current()!.Find("ann"));
        Write(Line("ann") + Line("bob"));
        await UntilAsync(users => users?.Find("bob") is not null);
        Write(Line("bob"));
        await UntilAsync(users => users?.Find("ann") is null);
        Assert.NotNull(_file.Current()!.Find("bob"));
    }

    // A new password changes neither the length nor, within a tick of the clock, the time.
    [Fact]
    public async Task A_change_that_leaves_length_and_time_as_they_were_is_noticed_while_the_file_is_young()
    {
        Write(Line("ann", "one"));
        var time = File.GetLastWriteTimeUtc(Path);
        Assert.True(_file.Current()!.Find("ann")!.Hash.Verify("one"));
        Write(Line("ann", "two"));
        File.SetLastWriteTimeUtc(Path, time);
        await UntilAsync(users => users!.Find("ann")!.Hash.Verify("two"));
    }

    [Fact]
    public async Task A_file_that_replaces_it_by_its_name_is_read_though_it_is_older()
    {
        Write(Line("ann"));
        Assert.NotNull(_file.Current()!.Find("ann"));
        await File.WriteAllTextAsync(_folder["new"], Line("bob"), Token);
        File.SetLastWriteTimeUtc(_folder["new"], DateTime.UtcNow.AddDays(-1));
        File.Move(_folder["new"], Path, overwrite: true);
        await UntilAsync(users => users?.Find("bob") is not null && users.Find("ann") is null);
    }

    // As Kubernetes mounts secrets: a link to a folder that is exchanged for another.
    [Fact]
    public async Task A_link_that_leads_elsewhere_is_followed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need rights there");
        foreach (var user in new[] { "ann", "bob" })
        {
            Directory.CreateDirectory(_folder[user]);
            await File.WriteAllTextAsync(_folder[user, "users"], Line(user), Token);
            File.SetLastWriteTimeUtc(_folder[user, "users"], DateTime.UtcNow.AddDays(-1));
        }
        Directory.CreateSymbolicLink(_folder["data"], _folder["ann"]);
        File.CreateSymbolicLink(Path, System.IO.Path.Combine("data", "users"));
        Assert.NotNull(_file.Current()!.Find("ann"));
        File.Delete(_folder["data"]);
        Directory.CreateSymbolicLink(_folder["data"], _folder["bob"]);
        await UntilAsync(users => users?.Find("bob") is not null);
    }

    [Fact]
    public async Task Without_a_readable_file_nobody_may_come_in_until_there_is_one_again()
    {
        Write(Line("ann"));
        Assert.NotNull(_file.Current());
        File.Delete(Path);
        await UntilAsync(users => users is null);
        Directory.CreateDirectory(Path);
        await UntilAsync(users => users is null);
        Directory.Delete(Path);
        Write(Line("ann"));
        await UntilAsync(users => users?.Find("ann") is not null);
    }

    [Fact]
    public async Task A_file_that_turned_into_nonsense_lets_nobody_in()
    {
        Write(Line("ann"));
        Assert.NotNull(_file.Current()!.Find("ann"));
        Write("\0\0\0 this is a picture\n");
        await UntilAsync(users => users!.Count == 0);
    }

    [Fact]
    public async Task A_file_that_is_written_anew_with_the_same_text_keeps_what_was_verified()
    {
        Write(Line("ann"));
        var before = _file.Current()!.Find("ann");
        File.SetLastWriteTimeUtc(Path, DateTime.UtcNow.AddMinutes(-5));
        await Task.Delay(300, Token);
        Assert.Same(before, _file.Current()!.Find("ann"));
    }

    private static string Line(string user, string password = "secret") => $"{user}:{BcryptHash.Of(password, 4).Reveal()}\n";

    private void Write(string text) => File.WriteAllText(Path, text);

    private async Task UntilAsync(Predicate<HtpasswdUsers?> holds)
    {
        for (var attempt = 0; !holds(_file.Current()); attempt++)
        {
            Assert.True(attempt < 250, "the change was not noticed");
            await Task.Delay(20, Token);
        }
    }
}
