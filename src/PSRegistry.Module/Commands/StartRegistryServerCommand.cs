using System.Management.Automation;
using System.Management.Automation.Runspaces;
using PSRegistry.Errors;
using PSRegistry.Hosting;
using PSRegistry.Output;
using PSRegistry.Pipeline;
using PSRegistry.Servers;

namespace PSRegistry.Commands;

/// <summary>
/// Starts a container registry in this process: docker registry v2 and OCI distribution 1.1, for docker, containerd, podman, skopeo,
/// crane, oras and helm. Without parameters it serves a folder of yours on 127.0.0.1:5000 and allows deletion.
/// </summary>
/// <remarks>
/// It stops with Stop-RegistryServer, with the session, and when the module is removed. Parameters come before REGISTRY_* variables,
/// those before the file of -ConfigPath. Several servers run side by side on different ports.
/// </remarks>
/// <example>
/// <code>Start-RegistryServer</code>
/// <para>Serves a folder of yours on 127.0.0.1:5000 until this session ends.</para>
/// </example>
/// <example>
/// <code>Start-RegistryServer ./config.yml</code>
/// <para>Serves what a configuration of the original registry says; its REGISTRY_* variables count as well.</para>
/// </example>
/// <example>
/// <code>Start-RegistryServer -RootDirectory ./images -Port 0 -Credential (Get-Credential ann)</code>
/// <para>Serves a folder on any free port, to one user.</para>
/// </example>
/// <example>
/// <code>$server = Start-RegistryServer -InMemory; $server | Stop-RegistryServer</code>
/// <para>A registry for a test: in memory, on a port of its own.</para>
/// </example>
/// <example>
/// <code>Start-RegistryServer -InMemory -Wait | Where-Object Message -Match upload</code>
/// <para>Serves in the foreground and shows a part of the log; Ctrl+C stops both.</para>
/// </example>
[Cmdlet(VerbsLifecycle.Start, "RegistryServer", DefaultParameterSetName = Folder, SupportsShouldProcess = true)]
[OutputType(typeof(RegistryServer), typeof(ServerLogRecord))]
public sealed class StartRegistryServerCommand : RegistryCommand
{
    private const string Folder = "Folder";
    private const string Memory = "Memory";

    /// <summary>
    /// The configuration file in the original registry's format (config.yml). Default: the one that the variable
    /// REGISTRY_CONFIGURATION_PATH names, else none.
    /// </summary>
    [Parameter(Position = 0)]
    [Alias("ConfigurationPath")]
    [ValidateNotNullOrEmpty]
    public string? ConfigPath { get; set; }

    /// <summary>The folder that holds, or will hold, docker/registry/v2. A folder of the original registry is served as it is.</summary>
    [Parameter(ParameterSetName = Folder)]
    [ValidateNotNullOrEmpty]
    public string? RootDirectory { get; set; }

    /// <summary>Keeps everything in memory until the server stops: a registry for tests. It takes any free port unless -Port says which.</summary>
    [Parameter(ParameterSetName = Memory, Mandatory = true)]
    public SwitchParameter InMemory { get; set; }

    /// <summary>The IP address or host name to listen on; * for every address of this machine. Without -Port it may have one: 127.0.0.1:5000.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Address { get; set; }

    /// <summary>The TCP port to listen on; 0 takes any that is free.</summary>
    [Parameter]
    [ValidateRange(0, 65535)]
    public int Port { get; set; }

    /// <summary>The one user who may log in; everybody else is refused. Without it the configuration says who may, and without that, everybody.</summary>
    [Parameter]
    [Credential]
    public PSCredential? Credential { get; set; }

    /// <summary>Waits until the server stops (Ctrl+C stops it), and writes its log to the pipeline meanwhile.</summary>
    [Parameter]
    public SwitchParameter Wait { get; set; }

    /// <summary>Stops the server that this session runs on the same port first, once the new configuration is known to have no faults.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        if (!ShouldProcess(What, "Start registry server"))
            return;
        var log = new ServerLog();
        var settings = Settings(log);
        if (Force)
            MakeRoom(settings);
        var server = new RegistryServer(Start(settings), log);
        RunningServers.Add(server, Runspace.DefaultRunspace);
        ShowNewUser(server);
        if (Wait)
            WriteLogUntilStopped(server);
        else
            WriteObject(server);
    }

    private string What => ConfigPath ?? RootDirectory ?? (InMemory ? "memory" : "the user's data folder");

    private IRegistryServer Start(ServerSettings settings)
    {
        ErrorRecord error;
        try
        {
            var services = OpenServer();
            var start = PipelineThread.Wait(() => services.StartServerAsync(settings, Stop));
            foreach (var warning in start.Faults.Where(fault => fault.Severity == FaultSeverity.Warning))
                WriteWarning(warning.ToString());
            if (start.Server is { } server)
                return server;
            error = RegistryErrors.FaultyConfiguration(new ConfigurationFaultException(start.Faults), What);
        }
        catch (RegistryStartException fault)
        {
            error = RegistryErrors.CannotStart(fault, What);
        }
        ThrowTerminatingError(error);
        throw new PipelineStoppedException();
    }

    /// <summary>Port 0 is any that is free, and nobody is in its way.</summary>
    private void MakeRoom(ServerSettings settings)
    {
        var address = OpenServer().ReadConfiguration(settings, strict: false).Keys.FirstOrDefault(key => key.KeyPath == "http.addr")?.Value?.Trim('"', '\'');
        if (address is null || !ushort.TryParse(address.AsSpan(address.LastIndexOf(':') + 1), out var port))
            return;
        foreach (var server in RunningServers.Of(Runspace.DefaultRunspace).Where(server => server.Uri.Port == port).ToList())
        {
            WriteVerbose($"Stopping {server}.");
            PipelineThread.Wait(() => RunningServers.StopAsync(server, Stop));
        }
    }

    /// <summary>The password of the user that the server had to make is seen once, by whoever sits there, and by no stream or object.</summary>
    private void ShowNewUser(RegistryServer server)
    {
        if (server.NewUser is { } user)
            Host.UI.WriteLine($"There was no htpasswd file; one was made. Log in as '{user.Name}' with the password {user.Password}, which is shown only now.");
    }

    /// <summary>However the waiting ends (Ctrl+C, a pipeline broken off, the server stopped elsewhere), the server ends with it.</summary>
    private void WriteLogUntilStopped(RegistryServer server)
    {
        try
        {
            foreach (var record in server.Log.FollowAsync(stop: Stop).ToBlockingEnumerable(CancellationToken.None))
                WriteObject(record);
        }
        finally
        {
            RunningServers.StopAll([server]);
        }
    }

    private ServerSettings Settings(ServerLog log) => SessionSettings.Of(SessionState, ConfigPath) with
    {
        Parameters = new ServerParameters
        {
            RootDirectory = RootDirectory is null ? null : GetUnresolvedProviderPathFromPSPath(RootDirectory),
            InMemory = InMemory,
            Address = Address == "*" ? "" : Address,
            Port = MyInvocation.BoundParameters.ContainsKey(nameof(Port)) ? Port : null,
            Credential = Credential?.GetNetworkCredential(),
        },
        Log = log.Write,
    };
}
