using System.Management.Automation;
using PSRegistry.Errors;
using PSRegistry.Hosting;
using PSRegistry.ServerContext;

namespace PSRegistry.Commands;

/// <summary>
/// What every cmdlet has: a token that is cancelled by Ctrl+C and when the pipeline ends before its end. Work that ends by that
/// token ends the pipeline quietly, as PowerShell's own cmdlets do.
/// </summary>
public abstract class RegistryCommand : PSCmdlet, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Cancelled by Ctrl+C and at the end of the pipeline.</summary>
    protected CancellationToken Stop => _stopping.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Ends whatever still runs for this cmdlet. The token source stays usable: Ctrl+C may come at this very moment.</summary>
    protected virtual void Dispose(bool disposing) => _stopping.Cancel();

    /// <inheritdoc/>
    protected sealed override void StopProcessing() => _stopping.Cancel();

    /// <inheritdoc/>
    protected sealed override void BeginProcessing() => Run(Begin);

    /// <inheritdoc/>
    protected sealed override void ProcessRecord() => Run(Process);

    /// <inheritdoc/>
    protected sealed override void EndProcessing() => Run(Finish);

    /// <summary>Called once before the first record.</summary>
    protected virtual void Begin()
    {
    }

    /// <summary>Called for each record of the pipeline, or once.</summary>
    protected virtual void Process()
    {
    }

    /// <summary>Called once after the last record.</summary>
    protected virtual void Finish()
    {
    }

    /// <summary>What stands behind the door to the server. Where the server cannot be loaded, the cmdlet ends with the error that tells why.</summary>
    private protected IRegistryServices OpenServer()
    {
        try
        {
            return ServerDoor.Open();
        }
        catch (AspNetCoreMissingException fault)
        {
            ThrowTerminatingError(RegistryErrors.NoAspNetCore(fault));
            throw;
        }
    }

    private void Run(Action step)
    {
        try
        {
            step();
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
    }
}
