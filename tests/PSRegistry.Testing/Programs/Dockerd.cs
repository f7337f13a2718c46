namespace PSRegistry.Testing;

/// <summary>
/// dockerd with folders of its own, and docker to speak with it. It takes the CA of a registry from one folder alone,
/// <c>/etc/docker/certs.d/HOST:PORT</c>, so exactly that folder is made, and taken away again, as is the key that dockerd leaves
/// beside it.
/// </summary>
public sealed class Dockerd : IAsyncDisposable
{
    private const string LeftBehind = "/etc/docker/key.json";

    private readonly bool _hadKey = File.Exists(LeftBehind);
    private readonly string _docker = Peer.Require("docker");
    private readonly TemporaryFolder _folder;
    private readonly RunningProgram _program;
    private readonly List<string> _trusted = [];

    private Dockerd(TemporaryFolder folder, RunningProgram program) => (_folder, _program) = (folder, program);

    /// <summary>Where it listens.</summary>
    public string Socket => _folder["docker.sock"];

    /// <summary>Where docker keeps its logins.</summary>
    public string ClientFolder => _folder["client"];

    /// <summary>Starts it; skips the test where it is not installed, or where only root may run it and the test does not.</summary>
    public static async Task<Dockerd> StartAsync(CancellationToken cancellationToken)
    {
        var path = Peer.Require("dockerd");
        if (!Environment.IsPrivilegedProcess)
        {
            Peer.Missing("dockerd runs for root alone");
        }

        var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder["daemon.json"], "{}", cancellationToken);
        string[] arguments =
        [
            "--config-file", folder["daemon.json"], "-H", $"unix://{folder["docker.sock"]}", "--data-root", folder["root"], "--exec-root", folder["exec"],
            "-p", folder["docker.pid"], "--storage-driver=vfs", "--iptables=false", "--ip6tables=false", "--ip-forward=false", "--ip-masq=false", "--bridge=none",
        ];
        var dockerd = new Dockerd(folder, RunningProgram.Start(new ProgramCommand(path, arguments)));
        try
        {
            await dockerd._program.WaitUntilAsync("docker version answers", dockerd.AnswersAsync, cancellationToken);
            return dockerd;
        }
        catch
        {
            await dockerd.DisposeAsync();
            throw;
        }
    }

    /// <summary>Has it trust the CA for one registry.</summary>
    public void Trust(string authority, string certificateFile)
    {
        var folder = Path.Combine("/etc/docker/certs.d", authority);
        // From the first folder that is missing on, all are ours.
        var missing = folder;
        for (var above = Path.GetDirectoryName(folder); above is not null && !Directory.Exists(above); above = Path.GetDirectoryName(above))
        {
            missing = above;
        }

        Directory.CreateDirectory(folder);
        _trusted.Add(missing);
        File.Copy(certificateFile, Path.Combine(folder, "ca.crt"));
    }

    /// <summary>Runs <c>docker arguments...</c>.</summary>
    public Task<ProgramRun> RunAsync(CancellationToken cancellationToken, params string[] arguments) =>
        ProgramRun.OfAsync(new ProgramCommand(_docker, ["-H", $"unix://{Socket}", "--config", ClientFolder, .. arguments]), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var folder in _trusted)
        {
            Directory.Delete(folder, recursive: true);
        }

        // Killed, it would leave containerd running.
        if (!_program.HasExited)
        {
            _program.Signal(ProgramSignal.Terminate);
            await _program.WaitForExitAsync(TimeSpan.FromSeconds(30), CancellationToken.None);
        }

        if (!_hadKey && File.Exists(LeftBehind))
        {
            File.Delete(LeftBehind);
        }

        await _program.DisposeAsync();
        await _folder.DisposeAsync();
    }

    private async Task<bool> AnswersAsync(CancellationToken cancellationToken) => (await RunAsync(cancellationToken, "version")).ExitCode == 0;
}
