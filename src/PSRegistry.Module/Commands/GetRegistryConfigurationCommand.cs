using System.Management.Automation;
using PSRegistry.Errors;
using PSRegistry.Hosting;

namespace PSRegistry.Commands;

/// <summary>
/// Shows the configuration that a server started here would have: every key that counts, its value, and where that comes from (the line of
/// the file, a REGISTRY_* variable, built-in where there is no file, or the default). Secrets are hidden. Nothing is started.
/// </summary>
/// <example>
/// <code>Get-RegistryConfiguration ./config.yml</code>
/// <para>Shows every key that counts, its value, and where that comes from.</para>
/// </example>
/// <example>
/// <code>Get-RegistryConfiguration ./config.yml -Key http.*, auth.* | Where-Object Origin -NE default</code>
/// <para>Shows what was set of two sections.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "RegistryConfiguration")]
[OutputType(typeof(EffectiveKey))]
public sealed class GetRegistryConfigurationCommand : ConfigurationCommand
{
    /// <summary>Only the keys whose path matches, such as http.*. Default: all.</summary>
    [Parameter(Position = 1)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Key { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        var reading = Read();
        foreach (var warning in reading.Faults.Where(fault => fault.Severity == FaultSeverity.Warning))
            WriteWarning(warning.ToString());
        if (reading.Faults.Any(fault => fault.Severity == FaultSeverity.Error))
            WriteError(RegistryErrors.FaultyConfiguration(new ConfigurationFaultException(reading.Faults), ConfigPath));
        var patterns = NamePatterns.Of(Key);
        foreach (var key in reading.Keys.Where(key => patterns.Match(key.KeyPath)))
            WriteObject(key);
    }
}
