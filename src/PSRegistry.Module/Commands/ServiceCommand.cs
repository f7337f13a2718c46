using System.Text.RegularExpressions;
using PSRegistry.Errors;
using PSRegistry.Services;

namespace PSRegistry.Commands;

/// <summary>A cmdlet for registry services of this machine.</summary>
public abstract partial class ServiceCommand : RegistryCommand
{
    /// <summary>A service's name, as it may stand in the name of a file, a unit and a user.</summary>
    private protected static bool IsName(string name) => Name().IsMatch(name);

    private protected static ServiceException NoName(string name) => new(
        ServiceFailure.InvalidValue, $"'{new string([.. name.Where(character => !char.IsControl(character))])}' is no name of a service: letters, digits, '_' and '-', at most 31, and a letter first.");

    /// <summary>Does what may fail as the services of a machine do; the error is written when it did.</summary>
    private protected void Try(string name, Action<IMachineServices> work)
    {
        try
        {
            work(MachineServices.Open());
        }
        catch (ServiceException fault)
        {
            WriteError(ServiceErrors.Of(fault, name));
        }
    }

    /// <summary>Warnings come from the thread that does the work; they are written by the pipeline's.</summary>
    private protected void WriteWarnings(IEnumerable<string> warnings)
    {
        foreach (var warning in warnings)
            WriteWarning(warning);
    }

    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9_-]{0,30}\z")]
    private static partial Regex Name();
}
