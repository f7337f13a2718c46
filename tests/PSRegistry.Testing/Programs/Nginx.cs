using System.Globalization;

namespace PSRegistry.Testing;

/// <summary>nginx before one registry or several: it speaks TLS to clients and tells the registry so, unless it is set up otherwise.</summary>
public sealed class Nginx : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly RunningProgram _program;

    private Nginx(TemporaryFolder folder, RunningProgram program, int port) => (_folder, _program, Port) = (folder, program, port);

    /// <summary>The port on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>The host and port, as image references begin with it.</summary>
    public string Authority => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}");

    /// <summary>What it complained of.</summary>
    public string Errors => File.Exists(_folder["error.log"]) ? File.ReadAllText(_folder["error.log"]) : "";

    /// <summary>Starts it before <paramref name="upstream"/>: <c>127.0.0.1:5000</c>, or <c>unix:/path</c>.</summary>
    public static Task<Nginx> StartAsync(string upstream, TlsFolder tls, CancellationToken cancellationToken) =>
        StartAsync(new NginxSettings([upstream]) { Tls = tls }, cancellationToken);

    /// <summary>Starts it as it is set up.</summary>
    public static async Task<Nginx> StartAsync(NginxSettings settings, CancellationToken cancellationToken)
    {
        var path = Peer.Require("nginx");
        var folder = new TemporaryFolder();
        var port = FreePort.Next();
        await File.WriteAllTextAsync(folder["nginx.conf"], settings.ToText(folder.Path, port), cancellationToken);
        var program = RunningProgram.Start(new ProgramCommand(path, ["-c", folder["nginx.conf"], "-p", folder.Path, "-e", folder["error.log"]]));
        var nginx = new Nginx(folder, program, port);
        try
        {
            await program.WaitForPortAsync(port, cancellationToken);
            return nginx;
        }
        catch
        {
            await nginx.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // The master takes its workers along; killed, it would leave them.
        if (!_program.HasExited)
        {
            _program.Signal(ProgramSignal.Terminate);
            await _program.WaitForExitAsync(TimeSpan.FromSeconds(10), CancellationToken.None);
        }

        await _program.DisposeAsync();
        await _folder.DisposeAsync();
    }
}
