using System.Collections;
using System.Management.Automation;
using PSRegistry.Errors;
using PSRegistry.Hosting;
using PSRegistry.Output;
using PSRegistry.Pipeline;
using PSRegistry.Services;

namespace PSRegistry.Commands;

/// <summary>
/// Registers the program psregistry as a service that serves a configuration: a unit of systemd on Linux, with as few rights as the
/// configuration allows, or a Windows service. The configuration is checked first.
/// </summary>
/// <remarks>
/// On Linux the service may write to the folders that the configuration writes to, and to nothing else. Without -User it runs as a user that
/// systemd makes for it; its data must then lie below /var/lib, and its files must be readable for everybody or for that user. Values of
/// -Environment are kept in a file that only the owner of the unit can read. Where systemd does not run, as in containers, the unit is
/// written all the same, with a warning. See about_PSRegistry_Service.
/// </remarks>
/// <example>
/// <code>Register-RegistryService /etc/registry/config.yml -Start -PassThru | Format-List</code>
/// <para>Registers the service psregistry, starts it now and with the machine, and shows it.</para>
/// </example>
/// <example>
/// <code>Register-RegistryService ./config.yml -User registry -WhatIf</code>
/// <para>Shows the unit that would be written, and writes nothing.</para>
/// </example>
/// <example>
/// <code>Register-RegistryService ./config.yml -Name mirror -User registry -Environment @{ REGISTRY_HTTP_SECRET = 'a secret' } -StartupType Manual</code>
/// <para>Registers a second service with a variable of its own, which is started by hand.</para>
/// </example>
/// <example>
/// <code>Register-RegistryService ./config.yml -Scope User -Force</code>
/// <para>Registers a service of your own, without root, in the place of one that is there.</para>
/// </example>
[Cmdlet(VerbsLifecycle.Register, "RegistryService", SupportsShouldProcess = true)]
[OutputType(typeof(RegistryService))]
public sealed class RegisterRegistryServiceCommand : ServiceCommand
{
    /// <summary>The configuration file in the original registry's format (config.yml). Relative paths in it begin at its folder.</summary>
    [Parameter(Position = 0, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("ConfigurationPath", "FullName")]
    [ValidateNotNullOrEmpty]
    public string ConfigPath { get; set; } = "";

    /// <summary>The service's name. Default: psregistry.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "psregistry";

    /// <summary>System for a service of the machine, User for one of your own (Linux). Default: System.</summary>
    [Parameter]
    public ServiceScope Scope { get; set; }

    /// <summary>
    /// The user that the service runs as. Default: on Linux one that systemd makes for it, on Windows the service's own account
    /// (NT SERVICE\name).
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? User { get; set; }

    /// <summary>The account with its password that the service runs as, on Windows.</summary>
    [Parameter]
    [Credential]
    public PSCredential? Credential { get; set; }

    /// <summary>Variables of the service, such as REGISTRY_HTTP_SECRET. The values are kept where only root or administrators can read them.</summary>
    [Parameter]
    [ValidateNotNull]
    public IDictionary Environment { get; set; } = new Hashtable();

    /// <summary>The program psregistry. Default: the one beside the module, else the one on PATH.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ProgramPath { get; set; }

    /// <summary>Automatic to start it with the machine, Manual to start it by hand. Default: Automatic.</summary>
    [Parameter]
    public ServiceStartupType StartupType { get; set; }

    /// <summary>Starts it at once, or anew when -Force replaces one that runs, and waits until it listens.</summary>
    [Parameter]
    public SwitchParameter Start { get; set; }

    /// <summary>Replaces a service of the same name that was registered by this cmdlet.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Writes the service to the pipeline; with -WhatIf as it would be.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void Process() => Try(Name, services =>
    {
        if (Plan() is not { } plan)
            return;
        var definition = services.Describe(plan);
        var place = services.PlaceOf(plan.Name, plan.Scope);
        if (!ShouldProcess($"Write '{place}':\n{definition}", $"Write '{place}', and have the system take the service over?", "Register registry service"))
        {
            if (PassThru)
                WriteObject(AsPlanned(plan, place, definition));
            return;
        }
        var warnings = new List<string>();
        try
        {
            PipelineThread.Wait(() => services.RegisterAsync(plan, Force, Start, warnings.Add, Stop));
        }
        finally
        {
            WriteWarnings(warnings);
        }
        if (PassThru)
            WriteObject(PipelineThread.Wait(() => services.ListAsync(plan.Scope, Stop)).Where(service => service.Name == plan.Name), enumerateCollection: true);
    });

    /// <summary>What is to be registered; null where the configuration has faults, and the error is written.</summary>
    private ServicePlan? Plan()
    {
        if (!IsName(Name))
            throw NoName(Name);
        var config = GetUnresolvedProviderPathFromPSPath(ConfigPath);
        var variables = GivenVariables.Read(Environment);
        if (Read(config, variables) is not { } configuration)
            return null;
        return new ServicePlan
        {
            Name = Name,
            Scope = Scope,
            ProgramPath = ProgramFile.Find(ProgramPath is null ? null : GetUnresolvedProviderPathFromPSPath(ProgramPath)),
            ConfigPath = config,
            User = User,
            Credential = Credential?.GetNetworkCredential(),
            Environment = variables,
            StartupType = StartupType,
            Needs = new ServiceNeeds(configuration),
        };
    }

    /// <summary>Reads the configuration as the service will: with its variables, and none of this session.</summary>
    private ConfigurationReading? Read(string config, Dictionary<string, string> variables)
    {
        var reading = OpenServer().ReadConfiguration(
            new ServerSettings { ConfigurationPath = config, Environment = variables, WorkingDirectory = System.IO.Path.GetDirectoryName(config) }, strict: false);
        foreach (var warning in reading.Faults.Where(fault => fault.Severity is FaultSeverity.Warning))
            WriteWarning(warning.ToString());
        if (!reading.Faults.Any(fault => fault.Severity is FaultSeverity.Error))
            return reading;
        WriteError(RegistryErrors.FaultyConfiguration(new ConfigurationFaultException(reading.Faults), config));
        return null;
    }

    private static RegistryService AsPlanned(ServicePlan plan, string place, string definition) => new()
    {
        Name = plan.Name,
        Scope = plan.Scope,
        StartupType = plan.StartupType,
        ConfigPath = plan.ConfigPath,
        User = plan.User ?? plan.Credential?.UserName,
        ProgramPath = plan.ProgramPath,
        Environment = [.. plan.Environment.Keys.Order(StringComparer.Ordinal)],
        UnitPath = place,
        Definition = definition,
    };
}
