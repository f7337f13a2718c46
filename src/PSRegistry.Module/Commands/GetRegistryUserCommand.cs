using System.Management.Automation;
using PSRegistry.Output;

namespace PSRegistry.Commands;

/// <summary>Lists the users of an htpasswd file: who can log in, and who cannot and why. Hashes stay in the file.</summary>
/// <example>
/// <code>Get-RegistryUser ./htpasswd</code>
/// <para>Lists the users with the kind and the cost of their hashes.</para>
/// </example>
/// <example>
/// <code>Get-RegistryUser ./htpasswd | Where-Object CanLogIn -EQ $false</code>
/// <para>Finds the users who are in the file in vain; Remark tells why.</para>
/// </example>
[Cmdlet(VerbsCommon.Get, "RegistryUser")]
[OutputType(typeof(RegistryUser))]
public sealed class GetRegistryUserCommand : UserFileCommand
{
    /// <summary>Only the users whose name matches, such as build-*. Letter case counts. Default: all.</summary>
    [Parameter(Position = 1)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[]? User { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        var file = File;
        var patterns = NamePatterns.Of(User);
        var users = Use(services => services.ReadUsers(file)) ?? [];
        foreach (var user in users.Where(user => patterns.Match(user.Name)))
            WriteObject(new RegistryUser(user, file));
        foreach (var name in User ?? [])
        {
            if (!WildcardPattern.ContainsWildcardCharacters(name) && users.Count > 0 && users.All(user => user.Name != name))
                WriteError(Errors.UserErrors.NotFound(name, file));
        }
    }
}
