using System.Management.Automation;
using PSRegistry.Output;
using PSRegistry.Pipeline;
using PSRegistry.Services;

namespace PSRegistry.Commands;

/// <summary>Lists the services that Register-RegistryService registered: what each serves, as whom, and whether it runs.</summary>
/// <example>
/// <code>Get-RegistryService</code>
/// <para>Lists the services of the machine and those of yours.</para>
/// </example>
/// <example>
/// <code>Get-RegistryService psregistry | Format-List</code>
/// <para>Shows all of one: its program, its configuration, the names of its variables, and its unit.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "RegistryService")]
[OutputType(typeof(RegistryService))]
public sealed class GetRegistryServiceCommand : ServiceCommand
{
    /// <summary>Only services whose name matches, such as mirror*. Default: all.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? Name { get; set; }

    /// <summary>System for services of the machine, User for your own (Linux). Default: both.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public ServiceScope? Scope { get; set; }

    /// <inheritdoc/>
    protected override void Process() => Try(string.Join(", ", Name ?? ["*"]), services =>
    {
        var patterns = NamePatterns.Of(Name);
        var scopes = Scope is { } scope ? [scope] : new[] { ServiceScope.System, ServiceScope.User };
        var all = scopes.SelectMany(one => PipelineThread.Wait(() => services.ListAsync(one, Stop))).ToList();
        foreach (var service in all.Where(service => patterns.Match(service.Name)))
            WriteObject(service);
        foreach (var name in Name ?? [])
        {
            if (!WildcardPattern.ContainsWildcardCharacters(name) && all.TrueForAll(service => service.Name != name))
                WriteError(Errors.ServiceErrors.Of(ServiceException.NotRegistered(name), name));
        }
    });
}
