using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace PSRegistry.Servers;

/// <summary>
/// Remove-Module; of Import-Module -Force a nested module hears nothing, and its servers go on in the same table. PowerShell calls it in the
/// runspace that removes the module, and calls it for every runspace: the servers of the others are none of its business.
/// </summary>
public sealed class ModuleCleanup : IModuleAssemblyCleanup
{
    /// <summary>Ends the servers that this runspace started.</summary>
    public void OnRemove(PSModuleInfo psModuleInfo) => RunningServers.StopAll(RunningServers.Of(Runspace.DefaultRunspace));
}
