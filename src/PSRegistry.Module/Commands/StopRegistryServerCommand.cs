using System.Management.Automation;
using System.Management.Automation.Runspaces;
using PSRegistry.Errors;
using PSRegistry.Output;
using PSRegistry.Pipeline;
using PSRegistry.Servers;

namespace PSRegistry.Commands;

/// <summary>
/// Stops registry servers: no new requests, those in flight come to their end within http.draintimeout (10 seconds without a
/// configuration). Without -Server it stops the one that this session started.
/// </summary>
[Cmdlet(VerbsLifecycle.Stop, "RegistryServer", SupportsShouldProcess = true)]
[OutputType(typeof(RegistryServer))]
public sealed class StopRegistryServerCommand : RegistryCommand
{
    /// <summary>The servers, as Start-RegistryServer and Get-RegistryServer write them.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ValidateNotNull]
    public RegistryServer[]? Server { get; set; }

    /// <summary>Breaks off the requests in flight. What they had uploaded is kept, and their clients can go on later.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Writes the stopped servers to the pipeline.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        foreach (var server in Server ?? [TheOnlyOne()])
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

    private RegistryServer TheOnlyOne()
    {
        var own = RunningServers.Of(Runspace.DefaultRunspace).ToList();
        if (own.Count != 1)
        {
            ThrowTerminatingError(own.Count == 0
                ? RegistryErrors.WhichServer("NoRegistryServer", "This session runs no registry server. Get-RegistryServer lists those of other runspaces.")
                : RegistryErrors.WhichServer("SeveralRegistryServers", $"This session runs {own.Count} registry servers: {string.Join(", ", own)}. Name one with -Server, or stop all with Get-RegistryServer | Stop-RegistryServer."));
        }
        return own[0];
    }
}
