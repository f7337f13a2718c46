using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace PSRegistry.Servers;

/// <summary>
/// Remove-Module, and Import-Module -Force. PowerShell calls it in the runspace that does it, and calls it for every runspace: the
/// servers of the others are none of its business.
/// </summary>
public sealed class ModuleCleanup : IModuleAssemblyCleanup, IModuleAssemblyInitializer
{
    /// <summary>Ends the servers that this runspace started.</summary>
    public void OnRemove(PSModuleInfo psModuleInfo) => StopOwn();

    /// <summary>
    /// Of a forced import a nested module hears nothing but its new beginning. What runs in this runspace then is left from the import before.
    /// </summary>
    public void OnImport() => StopOwn();

    private static void StopOwn() => RunningServers.StopAll(RunningServers.Of(Runspace.DefaultRunspace));
}
