using System.Management.Automation;
using PSRegistry.Output;
using PSRegistry.Pipeline;
using PSRegistry.Servers;

namespace PSRegistry.Commands;

/// <summary>
/// Stops registry servers: no new requests, those in flight come to their end within http.draintimeout (10 seconds without a
/// configuration). Without -Server it stops the one that this session started.
/// </summary>
/// <example>
/// <code>Stop-RegistryServer</code>
/// <para>Stops the server of this session.</para>
/// </example>
/// <example>
/// <code>Get-RegistryServer | Stop-RegistryServer -Force</code>
/// <para>Stops all servers of this process, and breaks off the requests in flight.</para>
/// </example>
[Cmdlet(VerbsLifecycle.Stop, "RegistryServer", SupportsShouldProcess = true)]
[OutputType(typeof(RegistryServer))]
public sealed class StopRegistryServerCommand : ServerCommand
{
    /// <summary>Breaks off the requests in flight. What they had uploaded is kept, and their clients can go on later.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Writes the stopped servers to the pipeline.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        foreach (var server in Servers)
        {
            if (!ShouldProcess(server.ToString(), "Stop registry server"))
                continue;
            using var breakOff = CancellationTokenSource.CreateLinkedTokenSource(Stop);
            if (Force)
                breakOff.Cancel();
            PipelineThread.Wait(() => RunningServers.StopAsync(server, breakOff.Token));
            if (PassThru)
                WriteObject(server);
        }
    }
}
