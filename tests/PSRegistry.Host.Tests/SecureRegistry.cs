using System.Text.RegularExpressions;
using PSRegistry.Testing;

namespace PSRegistry.Host.Tests;

/// <summary>One psregistry that asks for a login: user <c>ann</c>, password <c>s3cr:t</c>, in a file that htpasswd made.</summary>
internal sealed partial class SecureRegistry : IAsyncDisposable
{
    public const string User = "ann";
    public const string Password = "s3cr:t";

    private readonly TemporaryFolder _folder;

    private SecureRegistry(RunningProgram program, TemporaryFolder folder, string authority) =>
        (Program, _folder, Authority) = (program, folder, authority);

    public RunningProgram Program { get; }

    /// <summary>The host and port, or <c>unix:/path</c>.</summary>
    public string Authority { get; }

    /// <summary>Starts it with these lines under <c>http:</c>.</summary>
    /// <param name="http">YAML, each line indented by two spaces; <c>SOCKET</c> is the path of a Unix socket.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<SecureRegistry> StartAsync(string http, CancellationToken cancellationToken)
    {
        var htpasswd = Peer.Require("htpasswd");
        var folder = new TemporaryFolder();
        var line = await ProgramRun.OfAsync(new ProgramCommand(htpasswd, ["-Bbn", User, Password]), cancellationToken);
        await File.WriteAllTextAsync(folder["users"], line.MustExitWith(0).Output, cancellationToken);
        await File.WriteAllTextAsync(folder["config.yml"], $"""
            version: 0.1
            storage:
              filesystem: {"{"}rootdirectory: '{folder["data"]}'{"}"}
            auth:
              htpasswd: {"{"}realm: Test Registry, path: '{folder["users"]}'{"}"}
            http:
            {http.Replace("SOCKET", folder["r.sock"], StringComparison.Ordinal)}
            """, cancellationToken);
        var program = RunningProgram.Start(PSRegistryProgram.Command("serve", folder["config.yml"]));
        try
        {
            var said = await program.WaitForLineAsync(Listening(), cancellationToken);
            return new SecureRegistry(program, folder, said.Groups[1].Value);
        }
        catch
        {
            await program.DisposeAsync();
            await folder.DisposeAsync();
            throw;
        }
    }

    /// <summary>The lines for TLS.</summary>
    public static string Tls(TlsFolder files, string more = "") =>
        $"  addr: 127.0.0.1:0\n  tls:\n    certificate: '{files.Certificate}'\n    key: '{files.Key}'\n{more}";

    public async ValueTask DisposeAsync()
    {
        await Program.DisposeAsync();
        await _folder.DisposeAsync();
    }

    [GeneratedRegex(@"listens on (?:https?://)?(unix:\S+|[^/\s]+)")]
    private static partial Regex Listening();
}
