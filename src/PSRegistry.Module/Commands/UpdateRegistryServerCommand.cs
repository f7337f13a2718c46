using System.Management.Automation;
using PSRegistry.Errors;
using PSRegistry.Hosting;
using PSRegistry.Output;
using PSRegistry.Pipeline;

namespace PSRegistry.Commands;

/// <summary>
/// Has running servers read their configuration again: the file that they were started with, and the REGISTRY_* variables of this session.
/// Requests under way end as they began, and no connection is dropped. A configuration with errors changes nothing.
/// </summary>
/// <remarks>
/// RELOADING in about_PSRegistry_Configuration lists the keys that count at once. Every other key that was changed is named in a warning
/// and counts after a restart.
/// </remarks>
/// <example>
/// <code>Update-RegistryServer</code>
/// <para>Takes over the configuration as it is written now.</para>
/// </example>
/// <example>
/// <code>$env:REGISTRY_LOG_LEVEL = 'debug'; Get-RegistryServer | Update-RegistryServer -PassThru | Format-List ConfigPath, ConfiguredAt</code>
/// <para>Has all servers of this process log more, and shows when each was configured.</para>
/// </example>
[Cmdlet(VerbsData.Update, "RegistryServer", SupportsShouldProcess = true)]
[OutputType(typeof(RegistryServer))]
public sealed class UpdateRegistryServerCommand : ServerCommand
{
    /// <summary>Writes the servers that took their configuration over to the pipeline.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        var environment = SessionSettings.Of(SessionState, null).Environment;
        foreach (var server in Servers)
        {
            if (!ShouldProcess(server.ToString(), "Read the configuration again"))
                continue;
            var reload = PipelineThread.Wait(() => server.ReloadAsync(environment, Stop));
            Tell(server, reload);
            if (PassThru && reload.IsApplied)
                WriteObject(server);
        }
    }

    private void Tell(RegistryServer server, ServerReload reload)
    {
        foreach (var warning in reload.Faults.Where(fault => fault.Severity == FaultSeverity.Warning))
            WriteWarning(warning.ToString());
        if (!reload.IsApplied)
            WriteError(RegistryErrors.FaultyConfiguration(new ConfigurationFaultException(reload.Faults), server));
        foreach (var change in reload.Changes.Where(change => change.NeedsRestart))
            WriteWarning($"{change.Origin}: {change.KeyPath} needs a restart; {server} goes on as it was started.");
        foreach (var change in reload.Changes.Where(change => !change.NeedsRestart))
            WriteVerbose($"{change.Origin}: {change.KeyPath} was changed.");
    }
}
