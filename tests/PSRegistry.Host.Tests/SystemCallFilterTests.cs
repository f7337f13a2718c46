using System.Text.RegularExpressions;
using PSRegistry.Testing;

namespace PSRegistry.Host.Tests;

/// <summary>Whether the program could live under SystemCallFilter=@system-service, as the units of Register-RegistryService have it: strace beside systemd's own table.</summary>
public sealed partial class SystemCallFilterTests(RealImages images) : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync() => await _folder.DisposeAsync();

    [Fact]
    public async Task No_call_of_the_program_is_one_that_services_may_not_make()
    {
        var strace = Peer.Require("strace");
        var table = await ProgramRun.OfAsync(new ProgramCommand(Peer.Require("systemd-analyze"), ["--no-pager", "syscall-filter"]), Token);
        var allowed = Allowed(table.MustExitWith(0).Output, "@system-service");
        // strace watches from aside (-D), so that signals meet the program.
        await using var registry = await RegistryProcess.StartAsync(
            file => UnderStrace(strace, PSRegistryProgram.Command("serve", file)),
            new RegistrySettings { DataFolder = _folder["data"] }, Token);
        await using var skopeo = new Skopeo();
        await skopeo.CopyAsync((await images.BusyboxAsync()).Reference, $"docker://{registry.Authority}/busybox:1", Token);
        await skopeo.CopyAsync($"docker://{registry.Authority}/busybox:1", $"oci:{_folder["pulled"]}:1", Token);
        await skopeo.DeleteAsync($"docker://{registry.Authority}/busybox:1", Token);
        registry.Program.Signal(ProgramSignal.HangUp);
        await registry.Program.WaitForLineAsync(new("configuration read again"), Token);
        Assert.Equal(0, await registry.StopAsync(Token));

        var used = await UsedAsync();
        Assert.Contains("openat", used);
        Assert.Empty(used.Except(allowed));
    }

    private ProgramCommand UnderStrace(string strace, ProgramCommand serve) =>
        serve with { Program = strace, Arguments = ["-D", "-f", "-c", "-o", _folder["calls"], serve.Program, .. serve.Arguments] };

    private async Task<IReadOnlyList<string>> UsedAsync()
    {
        string text;
        // The watcher writes when what it watched has ended.
        while (!(text = File.Exists(_folder["calls"]) ? await File.ReadAllTextAsync(_folder["calls"], Token) : "").TrimEnd().EndsWith("total", StringComparison.Ordinal))
            await Task.Delay(50, Token);
        return [.. Row().Matches(text).Select(row => row.Groups[1].Value).Where(name => name != "total")];
    }

    /// <summary>The calls of a set and of the sets in it: lines are indented below the name of a set.</summary>
    private static HashSet<string> Allowed(string table, string set)
    {
        var sets = new Dictionary<string, List<string>>();
        foreach (var line in table.Split('\n').Where(line => line.Length > 0 && !line.TrimStart().StartsWith('#')))
        {
            if (line[0] == '@')
                sets[line.Trim()] = [];
            else if (sets.Count > 0)
                sets.Last().Value.Add(line.Trim());
        }
        return [.. Expand(set)];

        IEnumerable<string> Expand(string name) => sets[name].SelectMany(entry => entry.StartsWith('@') ? Expand(entry) : [entry]);
    }

    [GeneratedRegex(@"^ *[0-9.]+ .* ([a-z0-9_]+)$", RegexOptions.Multiline)]
    private static partial Regex Row();
}
