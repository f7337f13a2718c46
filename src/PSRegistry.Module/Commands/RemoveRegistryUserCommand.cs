using System.Management.Automation;
using PSRegistry.Errors;

namespace PSRegistry.Commands;

/// <summary>Takes users out of an htpasswd file. Servers need no restart; ours refuses the user within a second, logins that it remembers too.</summary>
/// <remarks>It asks for no confirmation by itself: Set-RegistryUser brings a user back, and a script that locks somebody out must not wait.</remarks>
/// <example>
/// <code>Remove-RegistryUser ./htpasswd ann</code>
/// <para>Takes ann out of the file.</para>
/// </example>
/// <example>
/// <code>Get-RegistryUser ./htpasswd build-* | Remove-RegistryUser -WhatIf</code>
/// <para>Shows who would be taken out.</para>
/// </example>
[Cmdlet(VerbsCommon.Remove, "RegistryUser", SupportsShouldProcess = true)]
[OutputType(typeof(void))]
public sealed class RemoveRegistryUserCommand : UserFileCommand
{
    /// <summary>The users' names. Letter case counts.</summary>
    [Parameter(Position = 1, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string[] User { get; set; } = [];

    /// <inheritdoc/>
    protected override void Process()
    {
        var file = File;
        foreach (var name in User)
        {
            if (ShouldProcess(file, $"Remove user '{name}'") && Use(services => (bool?)services.RemoveUser(file, name)) == false)
                WriteError(UserErrors.NotFound(name, file));
        }
    }
}
