using System.Management.Automation;
using PSRegistry.Errors;
using PSRegistry.Output;
using PSRegistry.Pipeline;
using PSRegistry.Servers;

namespace PSRegistry.Commands;

/// <summary>Waits until registry servers have stopped, or until they answer. Ctrl+C ends the waiting and not the server.</summary>
/// <example>
/// <code>Start-RegistryServer; Wait-RegistryServer</code>
/// <para>Serves until the process is ended: the last line of a script that runs as a service or in a container.</para>
/// </example>
/// <example>
/// <code>Get-RegistryServer | Wait-RegistryServer -State Running -Timeout 10</code>
/// <para>Waits at most ten seconds until every server answers and its health checks pass.</para>
/// </example>
[Cmdlet(VerbsLifecycle.Wait, "RegistryServer")]
[OutputType(typeof(RegistryServer))]
public sealed class WaitRegistryServerCommand : ServerCommand
{
    /// <summary>What to wait for: Stopped, or Running, which is an answer to a request while no health check fails.</summary>
    [Parameter(Position = 1)]
    [ValidateSet(nameof(RegistryServerState.Running), nameof(RegistryServerState.Stopped))]
    public RegistryServerState State { get; set; } = RegistryServerState.Stopped;

    /// <summary>How many seconds to wait for each server at most. Default: without end.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue / 1000)]
    public int Timeout { get; set; }

    /// <summary>Writes the servers that came to that state to the pipeline.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        var limit = MyInvocation.BoundParameters.ContainsKey(nameof(Timeout)) ? TimeSpan.FromSeconds(Timeout) : System.Threading.Timeout.InfiniteTimeSpan;
        foreach (var server in Servers)
        {
            try
            {
                PipelineThread.Wait(() => (State == RegistryServerState.Stopped ? server.Ended : ServerProbe.UntilAnswerAsync(server, Stop)).WaitAsync(limit, Stop));
                if (PassThru)
                    WriteObject(server);
            }
            catch (TimeoutException fault)
            {
                WriteError(RegistryErrors.Record(
                    new TimeoutException($"{server} is not {State.ToString().ToLowerInvariant()} after {Timeout} s.", fault), "RegistryServerTimeout", ErrorCategory.OperationTimeout, server, null));
            }
            catch (ServerEndedException fault)
            {
                WriteError(RegistryErrors.Record(fault, "RegistryServerStopped", ErrorCategory.InvalidOperation, server, null));
            }
        }
    }
}
