using System.Management.Automation;
using PSRegistry.Completion;
using PSRegistry.Connections;
using PSRegistry.Output;

namespace PSRegistry.Commands;

/// <summary>Lists the registries that this process is connected to.</summary>
/// <example>
/// <code>Get-RegistryConnection</code>
/// <para>Lists the registries that this process is connected to.</para>
/// </example>
/// <example>
/// <code>Get-RegistryConnection *.local*</code>
/// <para>Finds connections by the registry's name.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "RegistryConnection")]
[OutputType(typeof(RegistryConnection))]
public sealed class GetRegistryConnectionCommand : RegistryCommand
{
    /// <summary>Only the registries that match, such as *.example. Default: all.</summary>
    [Parameter(Position = 0)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RegistryCompleter))]
    public string[] Registry { get; set; } = ["*"];

    /// <inheritdoc/>
    protected override void Process()
    {
        var patterns = Registry.Select(registry => WildcardPattern.Get(registry, WildcardOptions.IgnoreCase)).ToList();
        foreach (var connection in ConnectionTable.All)
        {
            if (patterns.Exists(pattern => pattern.IsMatch(connection.Registry)))
                WriteObject(connection);
        }
    }
}
