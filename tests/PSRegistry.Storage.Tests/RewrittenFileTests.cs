using PSRegistry.Testing;

namespace PSRegistry.Storage.Tests;

public sealed class RewrittenFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_change_behind_a_link_changes_what_the_link_leads_to()
    {
        File.WriteAllText(_folder["real"], "a");
        File.CreateSymbolicLink(_folder["link"], "real");
        RewrittenFile.Change(_folder["link"], content => [.. content, (byte)'b']);
        Assert.Equal("ab", File.ReadAllText(_folder["real"]));
        Assert.NotNull(new FileInfo(_folder["link"]).LinkTarget);
    }

    [Fact]
    public void A_change_that_fails_or_is_none_leaves_all_as_it_was()
    {
        File.WriteAllText(_folder["users"], "a");
        RewrittenFile.Change(_folder["users"], _ => null);
        Assert.Throws<InvalidOperationException>(() => RewrittenFile.Change(_folder["users"], _ => throw new InvalidOperationException()));
        Assert.Equal(["users"], Directory.EnumerateFiles(_folder.Path).Select(Path.GetFileName));
        Assert.Equal("a", File.ReadAllText(_folder["users"]));
    }

    [Fact]
    public void A_change_that_somebody_left_unfinished_is_told_and_not_taken_over()
    {
        File.WriteAllText(_folder["users.new"], "half");
        var fault = Assert.Throws<IOException>(() => RewrittenFile.Change(_folder["users"], _ => [1]));
        Assert.Contains(_folder["users.new"], fault.Message, StringComparison.Ordinal);
        Assert.Equal("half", File.ReadAllText(_folder["users.new"]));
    }

    [Fact]
    public async Task The_owner_of_a_file_stays_when_root_changes_it()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
            Assert.Skip("only root gives files away");
        File.WriteAllText(_folder["users"], "a");
        var token = TestContext.Current.CancellationToken;
        (await ProgramRun.OfAsync(new ProgramCommand("chown", ["33:34", _folder["users"]]), token)).MustExitWith(0);
        RewrittenFile.Change(_folder["users"], _ => [1]);
        Assert.Equal("33:34", (await ProgramRun.OfAsync(new ProgramCommand("stat", ["-c", "%u:%g", _folder["users"]]), token)).MustExitWith(0).Output.Trim());
    }
}
