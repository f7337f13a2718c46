using System.Management.Automation;
using PSRegistry.Client;
using PSRegistry.Connections;
using PSRegistry.Errors;
using PSRegistry.Output;

namespace PSRegistry.Commands;

/// <summary>Forgets the login of a registry in this process.</summary>
/// <example>
/// <code>Connect-Registry registry.local:5000; Disconnect-Registry registry.local:5000</code>
/// <para>Forgets a login.</para>
/// </example>
/// <example>
/// <code>Get-RegistryConnection | Disconnect-Registry</code>
/// <para>Forgets all logins.</para>
/// </example>
[Cmdlet(VerbsCommunications.Disconnect, "Registry")]
[OutputType(typeof(RegistryConnection))]
public sealed class DisconnectRegistryCommand : RegistryCommand
{
    /// <summary>The registry, as Get-RegistryConnection writes it.</summary>
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string Registry { get; set; } = "";

    /// <summary>Writes the connection that was given up to the pipeline.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        if (!RegistryAddress.TryParse(Registry, out var address, out var fault))
            WriteError(RegistryErrors.InvalidAddress(fault));
        else if (ConnectionTable.Remove(address) is not { } connection)
            WriteError(RegistryErrors.NotConnected(address.Shortest(), ConnectionTable.All));
        else if (PassThru)
            WriteObject(connection);
    }
}
