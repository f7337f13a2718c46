using System.Management.Automation;
using PSRegistry.Errors;
using PSRegistry.Hosting;

namespace PSRegistry.Commands;

/// <summary>A cmdlet that works on an htpasswd file.</summary>
public abstract class UserFileCommand : RegistryCommand
{
    /// <summary>The htpasswd file: lines of the form user:hash, as auth.htpasswd.path of a configuration names it.</summary>
    [Parameter(Position = 0, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("FullName")]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>The file, absolute.</summary>
    private protected string File => GetUnresolvedProviderPathFromPSPath(Path);

    /// <summary>What a change or a look behind the door comes to; default when the file cannot be used, and the error is written.</summary>
    private protected T? Use<T>(Func<IRegistryServices, T> work)
    {
        try
        {
            return work(OpenServer());
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            WriteError(UserErrors.Unusable(fault, File));
            return default;
        }
    }
}
