using System.Management.Automation;
using PSRegistry.Client;
using PSRegistry.Completion;
using PSRegistry.Connections;
using PSRegistry.Errors;
using PSRegistry.Output;
using PSRegistry.Pipeline;

namespace PSRegistry.Commands;

/// <summary>
/// Forgets the login of a registry in this process; with -Forget also the one that docker or podman keep, which is found again otherwise
/// when the registry asks for a login.
/// </summary>
/// <example>
/// <code>Connect-Registry registry.local:5000; Disconnect-Registry registry.local:5000</code>
/// <para>Forgets a login.</para>
/// </example>
/// <example>
/// <code>Get-RegistryConnection | Disconnect-Registry</code>
/// <para>Forgets all logins.</para>
/// </example>
/// <example>
/// <code>Disconnect-Registry registry.local:5000 -Forget -WhatIf</code>
/// <para>Shows what would be done to log out of a registry for docker and podman too.</para>
/// </example>
[Cmdlet(VerbsCommunications.Disconnect, "Registry", SupportsShouldProcess = true)]
[OutputType(typeof(RegistryConnection))]
public sealed class DisconnectRegistryCommand : RegistryCommand
{
    /// <summary>The registry, as Get-RegistryConnection writes it.</summary>
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RegistryCompleter))]
    public string Registry { get; set; } = "";

    /// <summary>Removes also the registry's login from the files of docker and podman, and from their credential helpers: docker logout.</summary>
    [Parameter]
    public SwitchParameter Forget { get; set; }

    /// <summary>Writes the connection that was given up to the pipeline.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        if (!RegistryAddress.TryParse(Registry, out var address, out var fault))
        {
            WriteError(RegistryErrors.InvalidAddress(fault));
            return;
        }
        if (!ShouldProcess(address.Shortest(), Forget ? "Disconnect, and remove the login that docker and podman keep" : "Disconnect"))
            return;
        var connection = ConnectionTable.Remove(address);
        var isForgotten = Forget ? ForgetKept(address) : false;
        if (connection is null && isForgotten == false)
            WriteError(RegistryErrors.NotConnected(address.Shortest(), ConnectionTable.All));
        else if (connection is not null && PassThru)
            WriteObject(connection);
    }

    /// <summary>Null when it is not known whether one was kept; the error is written.</summary>
    private bool? ForgetKept(RegistryAddress address)
    {
        try
        {
            return PipelineThread.Wait(() => CredentialStore.OfUser().RemoveAsync(address, Stop).AsTask());
        }
        catch (CredentialStoreException failure)
        {
            WriteError(RegistryErrors.UnusableLogins(failure));
            return null;
        }
    }
}
