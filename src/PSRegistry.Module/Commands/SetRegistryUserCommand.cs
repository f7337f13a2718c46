using System.Management.Automation;
using System.Net;
using PSRegistry.Errors;
using PSRegistry.Output;

namespace PSRegistry.Commands;

/// <summary>
/// Gives a user of an htpasswd file a password, and adds the user, and the file, where there is none. The hash is bcrypt, which this
/// registry, the original and Apache read.
/// </summary>
/// <remarks>
/// The file is written aside and renamed into place: servers see it before or after the change and need no restart; ours obeys within a
/// second. Comments, the order, and the lines of other users stay as they are. A new file is its owner's alone; an old one keeps its mode.
/// </remarks>
/// <example>
/// <code>Set-RegistryUser ./htpasswd -Credential (Get-Credential ann)</code>
/// <para>Asks for ann's password and writes it to the file, which is made if there is none.</para>
/// </example>
/// <example>
/// <code>$login = [pscredential]::new('build', (ConvertTo-SecureString 'wolf-in-sheep' -AsPlainText -Force)); Set-RegistryUser ./htpasswd $login -Cost 12 -PassThru</code>
/// <para>Sets the password of a user for programs, at four times the usual cost, and shows what the file has now.</para>
/// </example>
[Cmdlet(VerbsCommon.Set, "RegistryUser", SupportsShouldProcess = true)]
[OutputType(typeof(RegistryUser))]
public sealed class SetRegistryUserCommand : UserFileCommand
{
    /// <summary>The user and the new password, at most 72 bytes of it: bcrypt reads no more. With a name alone, the password is asked for.</summary>
    [Parameter(Position = 1, Mandatory = true, ValueFromPipeline = true)]
    [Credential]
    public PSCredential Credential { get; set; } = PSCredential.Empty;

    /// <summary>The cost of the hash: each step doubles the time of a first login, at 10 a twentieth of a second, and of a guess. Default: 10.</summary>
    [Parameter]
    [ValidateRange(4, 17)]
    public int Cost { get; set; }

    /// <summary>Writes the user to the pipeline.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void Process()
    {
        var file = File;
        var name = Credential.UserName;
        if (!ShouldProcess(file, $"Set password of user '{name}'"))
            return;
        int? cost = MyInvocation.BoundParameters.ContainsKey(nameof(Cost)) ? Cost : null;
        var login = new NetworkCredential(name, Credential.Password);
        if (Use(services => services.SetUser(file, login, cost)) is not { } change)
            return;
        if (change.Refusal is { } refusal)
            WriteError(UserErrors.Refused(refusal, name));
        else if (PassThru)
            WriteObject(new RegistryUser(change.User!, file));
    }
}
