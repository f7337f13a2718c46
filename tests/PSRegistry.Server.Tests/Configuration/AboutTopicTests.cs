using System.Text.RegularExpressions;
using PSRegistry.Server.Configuration;

namespace PSRegistry.Server.Tests.Configuration;

/// <summary>What operators read is what the server does.</summary>
public sealed partial class AboutTopicTests
{
    private static readonly string Topic = File.ReadAllText(Path.Combine(Root(), "module", "en-US", "about_PSRegistry_Configuration.help.txt"));

    [Fact]
    public void Every_key_is_told()
    {
        var told = Key().Matches(Topic).Select(match => match.Value).ToHashSet();
        var keys = KeyTree.All
            .Where(key => !key.IsSection && key.Item is null && key.Path.Length > 0 && !key.Path.EndsWith("[]", StringComparison.Ordinal))
            .Select(key => key.Path)
            .Where(path => !path.StartsWith("storage.s3aws.", StringComparison.Ordinal)
                && !path.StartsWith("storage.swift.", StringComparison.Ordinal)
                && !path.StartsWith("storage.oss.", StringComparison.Ordinal));
        Assert.DoesNotContain(keys, path => !told.Contains(path));
    }

    [Fact]
    public void Every_key_that_is_told_exists()
    {
        var keys = KeyTree.All.Select(key => key.Path).ToHashSet();
        Assert.DoesNotContain(Line().Matches(Topic).Select(match => match.Groups[1].Value), path => !keys.Contains(path));
    }

    [Fact]
    public void Every_default_is_told()
    {
        foreach (var (path, value) in KeyDefaults.All)
            Assert.Contains($"    {path} [{value}] ", Topic, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_supported_is_told_as_such_and_nothing_else_is()
    {
        foreach (Match line in Line().Matches(Topic))
        {
            var key = KeyTree.All.Single(key => key.Path == line.Groups[1].Value);
            var missing = line.Groups[2].Value.Contains("Not yet", StringComparison.Ordinal) || line.Groups[2].Value.Contains("No effect", StringComparison.Ordinal)
                || line.Groups[2].Value.Contains("old name", StringComparison.Ordinal);
            Assert.True(missing == key.State is KeyState.NotYetProtecting or KeyState.NotYetTuning, key.Path);
        }
    }

    [Theory]
    [InlineData("about_PSRegistry_Configuration")]
    [InlineData("about_PSRegistry_Migration")]
    public void A_topic_fits_a_terminal(string name) => Assert.All(
        File.ReadAllLines(Path.Combine(Root(), "module", "en-US", name + ".help.txt")), line => Assert.True(line.Length <= 80, line));

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "PSRegistry.sln")))
            folder = Path.GetDirectoryName(folder)!;
        return folder;
    }

    [GeneratedRegex(@"\b[a-z0-9_]+(?:\[\])?(?:\.[a-z0-9_]+(?:\[\])?)+|\b(?:version|loglevel)\b")]
    private static partial Regex Key();

    [GeneratedRegex(@"^    ([a-z0-9_.\[\]]+) \[[^\]]*\]  (.*)$", RegexOptions.Multiline)]
    private static partial Regex Line();
}
