using System.Management.Automation;
using PSRegistry.Pipeline;
using PSRegistry.Services;

namespace PSRegistry.Commands;

/// <summary>Stops a service that Register-RegistryService registered, and takes it away. Its data, its configuration and its log stay.</summary>
/// <remarks>Requests in flight may end within http.draintimeout. A unit that somebody else wrote is never touched.</remarks>
/// <example>
/// <code>Unregister-RegistryService -WhatIf</code>
/// <para>Shows what would be taken away.</para>
/// </example>
/// <example>
/// <code>Get-RegistryService mirror* | Unregister-RegistryService</code>
/// <para>Takes all services away whose names begin with mirror.</para>
/// </example>
[Cmdlet(VerbsLifecycle.Unregister, "RegistryService", SupportsShouldProcess = true)]
[OutputType(typeof(void))]
public sealed class UnregisterRegistryServiceCommand : ServiceCommand
{
    /// <summary>The service's name. Default: psregistry.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "psregistry";

    /// <summary>System for a service of the machine, User for one of your own (Linux). Default: System.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public ServiceScope Scope { get; set; }

    /// <inheritdoc/>
    protected override void Process() => Try(Name, services =>
    {
        if (!IsName(Name))
            throw NoName(Name);
        if (!ShouldProcess(services.PlaceOf(Name, Scope), "Stop and unregister registry service"))
            return;
        var warnings = new List<string>();
        try
        {
            PipelineThread.Wait(() => services.UnregisterAsync(Name, Scope, warnings.Add, Stop));
        }
        finally
        {
            WriteWarnings(warnings);
        }
    });
}
