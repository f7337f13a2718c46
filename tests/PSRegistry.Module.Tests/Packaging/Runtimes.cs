using System.Runtime.InteropServices;
using PSRegistry.Testing;

namespace PSRegistry.ModuleTests;

/// <summary>The installations of .NET on this machine, and a look at it without them.</summary>
internal static class Runtimes
{
    /// <summary>The installation that runs the tests.</summary>
    public static string Root { get; } = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));

    // Mounts nothing over each folder before "--", then becomes the program behind it.
    private const string Cover = """while [ "$1" != -- ]; do mount -t tmpfs none "$1" || exit 125; shift; done; shift; exec "$@" """;

    /// <summary>The same command, which sees no installation; skips the running test where this user may not mount.</summary>
    public static async Task<ProgramCommand> WithoutAsync(ProgramCommand command, CancellationToken cancellationToken)
    {
        var unshare = Peer.Require("unshare");
        string[] inPrivate = Environment.IsPrivilegedProcess ? ["--mount"] : ["--map-root-user", "--mount"];
        string[] covered = [.. inPrivate, "sh", "-c", Cover, "sh", .. Installations().Where(Directory.Exists).Distinct(), "--"];
        var probe = await ProgramRun.OfAsync(new ProgramCommand(unshare, [.. covered, "true"]), cancellationToken);
        if (probe.ExitCode != 0)
            Peer.Missing($"this user may not mount, even in a namespace of its own: {probe.Error}");
        return Without(command) with { Program = unshare, Arguments = [.. covered, command.Program, .. command.Arguments] };
    }

    /// <summary>The same command, to which no variable tells an installation.</summary>
    public static ProgramCommand Without(ProgramCommand command) => command.With(new Dictionary<string, string?>
    {
        ["DOTNET_ROOT"] = null,
        [$"DOTNET_ROOT_{RuntimeInformation.ProcessArchitecture.ToString().ToUpperInvariant()}"] = null,
        // Not this user's ~/.dotnet.
        ["HOME"] = Path.GetTempPath(),
    });

    private static IEnumerable<string> Installations()
    {
        const string Registered = "/etc/dotnet/install_location";
        return new[] { Root, "/usr/share/dotnet", "/usr/lib/dotnet", "/usr/local/share/dotnet" }.Concat(File.Exists(Registered) ? File.ReadLines(Registered) : []);
    }
}
