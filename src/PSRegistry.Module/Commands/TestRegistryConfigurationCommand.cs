using System.Management.Automation;
using PSRegistry.Hosting;

namespace PSRegistry.Commands;

/// <summary>
/// Says whether a server could be started with a configuration: true or false, or every fault as an object with -Detailed. The original's
/// config.yml and the REGISTRY_* variables of this session are read as Start-RegistryServer reads them. Nothing is started.
/// </summary>
/// <example>
/// <code>Test-RegistryConfiguration ./config.yml</code>
/// <para>Says true or false: could a server be started with it?</para>
/// </example>
/// <example>
/// <code>Test-RegistryConfiguration ./config.yml -Strict -Detailed</code>
/// <para>Lists everything that is wrong with it, unknown keys included, each with its line and its remedy.</para>
/// </example>
[Cmdlet(VerbsDiagnostic.Test, "RegistryConfiguration")]
[OutputType(typeof(bool), typeof(ConfigurationFault))]
public sealed class TestRegistryConfigurationCommand : ConfigurationCommand
{
    /// <summary>Writes the faults, warnings too, each with its key, its line or variable, and what to do; nothing when there are none.</summary>
    [Parameter]
    public SwitchParameter Detailed { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        var faults = Read().Faults;
        if (Detailed)
            WriteObject(faults, enumerateCollection: true);
        else
            WriteObject(!faults.Any(fault => fault.Severity == FaultSeverity.Error));
    }
}
