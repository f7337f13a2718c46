using Xunit;

namespace PSRegistry.Testing;

/// <summary>
/// A program that is not ours and that a test talks to. A machine without it skips the test by name; where
/// <c>PSREGISTRY_TEST_REQUIRE_PEERS=1</c> (as in CI) the missing peer fails it, so that nothing is skipped unnoticed.
/// </summary>
public static class Peer
{
    /// <summary>The path of <paramref name="program"/> on PATH; skips or fails the running test where there is none.</summary>
    public static string Require(string program)
    {
        var path = Find(program);
        if (path is null)
        {
            Missing($"{program} is not installed");
        }

        return path!;
    }

    /// <summary>Skips the running test with <paramref name="reason"/>, or fails it where peers are required.</summary>
    public static void Missing(string reason)
    {
        if (Environment.GetEnvironmentVariable("PSREGISTRY_TEST_REQUIRE_PEERS") == "1")
        {
            Assert.Fail(reason);
        }

        Assert.Skip(reason);
    }

    /// <summary>The path of <paramref name="program"/> on PATH; null where there is none.</summary>
    public static string? Find(string program)
    {
        var path = Environment.GetEnvironmentVariable("PATH") ?? "";
        // Daemons live in sbin, which the PATH of an ordinary user leaves out.
        var folders = path.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Concat(["/usr/sbin", "/sbin"]);
        string[] endings = OperatingSystem.IsWindows() ? [".exe"] : [""];
        return folders.SelectMany(folder => endings.Select(ending => Path.Combine(folder, program + ending))).FirstOrDefault(File.Exists);
    }
}
