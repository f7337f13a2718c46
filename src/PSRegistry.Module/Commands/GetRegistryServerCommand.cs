using System.Management.Automation;
using PSRegistry.Output;
using PSRegistry.Servers;

namespace PSRegistry.Commands;

/// <summary>Lists the registry servers of this process, those of other runspaces too.</summary>
/// <example>
/// <code>Get-RegistryServer</code>
/// <para>Lists the servers of this process with what they have done since their start.</para>
/// </example>
/// <example>
/// <code>Get-RegistryServer *:5000* | Format-List</code>
/// <para>Shows everything about the server on port 5000: requests, bytes, errors, addresses, configuration.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "RegistryServer")]
[OutputType(typeof(RegistryServer))]
public sealed class GetRegistryServerCommand : RegistryCommand
{
    /// <summary>Only the servers whose address matches, such as *:5000*. Default: all.</summary>
    [Parameter(Position = 0)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Uri { get; set; } = ["*"];

    /// <inheritdoc/>
    protected override void Process()
    {
        var patterns = Uri.Select(uri => WildcardPattern.Get(uri, WildcardOptions.IgnoreCase)).ToList();
        foreach (var server in RunningServers.All)
        {
            if (patterns.Exists(pattern => pattern.IsMatch(server.ToString()) || pattern.IsMatch(server.Registry)))
                WriteObject(server);
        }
    }
}
