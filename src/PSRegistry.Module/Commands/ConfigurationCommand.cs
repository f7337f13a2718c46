using System.Management.Automation;
using PSRegistry.Hosting;

namespace PSRegistry.Commands;

/// <summary>A cmdlet that reads a server's configuration and starts nothing.</summary>
public abstract class ConfigurationCommand : RegistryCommand
{
    /// <summary>
    /// The configuration file in the original registry's format (config.yml). Default: the one that the variable
    /// REGISTRY_CONFIGURATION_PATH names, else none.
    /// </summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("ConfigurationPath", "FullName")]
    [ValidateNotNullOrEmpty]
    public string? ConfigPath { get; set; }

    /// <summary>Takes an unknown key for an error everywhere, not only where passing it over would leave a registry open.</summary>
    [Parameter]
    public SwitchParameter Strict { get; set; }

    /// <summary>What the configuration says.</summary>
    private protected ConfigurationReading Read() => OpenServer().ReadConfiguration(SessionSettings.Of(SessionState, ConfigPath), Strict);
}
