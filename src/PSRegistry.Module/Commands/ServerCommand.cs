using System.Management.Automation;
using System.Management.Automation.Runspaces;
using PSRegistry.Errors;
using PSRegistry.Output;
using PSRegistry.Servers;

namespace PSRegistry.Commands;

/// <summary>A cmdlet for servers of this process: those that are given, else the one that this session started.</summary>
public abstract class ServerCommand : RegistryCommand
{
    /// <summary>The servers, as Start-RegistryServer and Get-RegistryServer write them. Default: the one that this session started.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ValidateNotNull]
    public RegistryServer[]? Server { get; set; }

    /// <summary>The servers that are meant.</summary>
    private protected IEnumerable<RegistryServer> Servers => Server ?? [TheOnlyOne()];

    private RegistryServer TheOnlyOne()
    {
        var own = RunningServers.Of(Runspace.DefaultRunspace).ToList();
        if (own.Count != 1)
        {
            ThrowTerminatingError(own.Count == 0
                ? RegistryErrors.WhichServer("NoRegistryServer", "This session runs no registry server. Get-RegistryServer lists those of other runspaces.")
                : RegistryErrors.WhichServer("SeveralRegistryServers", $"This session runs {own.Count} registry servers: {string.Join(", ", own)}. Name one with -Server, or all with Get-RegistryServer | {MyInvocation.MyCommand.Name}."));
        }
        return own[0];
    }
}
